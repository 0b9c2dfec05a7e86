/** The job of the comparisons under the limit of calls a minute, and what is counted of it. */
import type { Emulator, EmulatorOptions } from '../emulator/emulator.mts';
import { profiles } from '../emulator/profiles.mts';
import { documentedLimits } from '../test/support/playedLimits.mts';
import type { Goal } from './bench.mts';
import type { fastTime } from './fastTime.mts';
import type { MeasuredRun } from './measurement.mts';

export const results = 1000;
export const { callsPerMinute } = documentedLimits;

/** n8n's own clock and the emulator's run faster, so that nine minutes of limits pass in two. */
export const speed = 5;

/** The first calls of a window go at once, and the last window needs no waiting. */
export const boundSeconds = (Math.ceil(results / callsPerMinute) - 1) * 60;

/** For HTTP Request nodes that keep to a share of the limit by their own batching. */
export const batching = (shares: number) => ({
	batchSize: callsPerMinute / shares,
	batchInterval: 61_000,
});

export const limitedEmulator = (time: ReturnType<typeof fastTime>): EmulatorOptions => ({
	clock: time.now,
	tokenLifetimeSeconds: 24 * 3600,
	limits: documentedLimits,
});

/** From now on: windows that begin anew for all, refused calls that count, no Retry-After. */
export function countHarshly(emulator: Emulator): void {
	const { throttling, retryAfter } = profiles.harsh;
	emulator.configure({ throttling, retryAfter });
}

/** What the node is called under such limits. */
export const harshly = 'Defender Live Response node, limits counted otherwise';

/** Gives limits that nothing has been spent of, and forgets what was counted. */
export function startAfresh(emulator: Emulator): void {
	emulator.advance(3600);
	emulator.requests.clear();
}

/** The calls for links since then, and how many of them were refused. */
export function linkCalls(emulator: Emulator): { calls: number; refused: number } {
	const calls = emulator.requests.matching(/DownloadLink/);
	return {
		calls: calls.length,
		refused: calls.filter(({ status }) => status === 429).length,
	};
}

/** What one contestant made of the job. */
interface Outcome {
	readonly results: number;
	readonly calls: number;
	readonly refused: number;
	readonly seconds: number;
}

/** What the node is held to. */
export const goalsOf = (
	own: Outcome,
	{ atMostTime, atMostRefused }: { atMostTime: number; atMostRefused: number },
	where = '',
): Goal[] => [
	{ what: `time to the bound${where}`, value: own.seconds / boundSeconds, atMost: atMostTime },
	{ what: `results lost${where}`, value: results - own.results, atMost: 0, kind: 'count' },
	{
		what: `calls refused${where}`,
		value: own.refused / own.calls,
		atMost: atMostRefused,
		kind: 'share',
	},
];

export const whereHarsh = ', limits counted otherwise';

/** An answer of the emulator, in the faster time; what the model is told, not what was measured. */
const assumedLatencyMs = 100;

export const runOf = (
	what: string,
	workers: number,
	{ seconds, refused }: Outcome,
): MeasuredRun => ({
	what,
	scenario: {
		job: { kind: 'results', count: results },
		...{ workers, apps: 1, limits: documentedLimits, latencyMs: assumedLatencyMs },
	},
	outcome: { seconds, refused },
});
