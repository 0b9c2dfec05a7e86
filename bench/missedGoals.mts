/** Why goals are missed, where that is known. */
import { isMet, type Goal } from './bench.mts';
import type { Measurement } from './measurement.mts';

interface Cause {
	readonly bench: string;
	/** In what the goals are about. */
	readonly goal: RegExp;
	readonly cause: string;
}

const causes: readonly Cause[] = [
	{
		bench: 'first-hundred',
		goal: /where a call takes/,
		cause:
			'at most a dozen calls are under way at once, and fewer until some are answered, so that four processes that begin together waste little',
	},
	{
		bench: 'four-processes',
		goal: /calls refused/,
		cause:
			'time runs five times as fast and four n8n share two cores, so that answers take seconds and their order is left to chance; with answers of up to 700 ms a simulation stays below 5 % (test/unit/limits/rateBudget.test.mts)',
	},
	{
		bench: 'four-processes',
		goal: /HTTP Request, 25 every 61 s/,
		cause:
			'that rival is told how many processes there are, and its pauses happen to fit; this node has to find it out and loses a part of the first minutes',
	},
	{
		bench: 'large-file',
		goal: /throughput/,
		cause: 'this node makes the SHA-256 of the file, which takes the time named above',
	},
	{
		bench: 'stopping',
		goal: /longest stop/,
		cause:
			"the longest stops are those of the garbage collector, which frees ten thousand items' data",
	},
	{
		bench: 'transcripts',
		goal: /^repaired, from 1 KB/,
		cause:
			'the shortest transcripts take a few microseconds more at any rate; from 16 KB on the ratio is below the goal or near it',
	},
	{
		bench: 'transcripts',
		goal: /^strict/,
		cause: 'a few microseconds for the fields, which large transcripts do not notice',
	},
];

/** The goals that were missed, each with its cause; null where nobody has said it yet. */
export const missedGoals = ({
	name,
	goals,
}: Pick<Measurement, 'name' | 'goals'>): Array<{ goal: Goal; cause: string | null }> =>
	goals
		.filter((goal) => !isMet(goal))
		.map((goal) => {
			const known = causes.find((one) => one.bench === name && one.goal.test(goal.what));
			return { goal, cause: known?.cause ?? null };
		});
