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
		bench: 'four-processes',
		goal: /^calls refused/,
		cause:
			'time is made to run faster, and all n8n share the processors of one machine, so that answers take longer and come in any order; in the simulation of test/unit/limits/rateBudget.test.mts, with answers of up to a second, it stays below 5 %',
	},
	{
		bench: 'four-processes',
		goal: /HTTP Request, 25 every 61 s/,
		cause:
			'that rival is told how many processes there are; this node has to find it out, and gives a part of some minutes for it',
	},
	{
		bench: 'large-file',
		goal: /throughput/,
		cause:
			'this node makes the SHA-256 of the file, and counts and checks its bytes, which the HTTP Request node does not',
	},
	{
		bench: 'transcripts',
		goal: /^(strict|repaired), (1 KB|from)/,
		cause:
			'a transcript costs some microseconds for its fields, whatever its size, and its text is looked through for UTF-16 and NULs',
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
