/** The job of the comparisons under the limit of calls a minute, and what is counted of it. */
import type { Emulator, EmulatorOptions } from '../emulator/emulator.mts';
import type { fastTime } from './fastTime.mts';

export const results = 1000;
export const callsPerMinute = 100;

/** n8n's own clock and the emulator's run faster, so that nine minutes of limits pass in two. */
export const speed = 5;

/** The first calls of a window go at once, and the last window needs no waiting. */
export const boundSeconds = (Math.ceil(results / callsPerMinute) - 1) * 60;

/** HTTP Request nodes that keep to the limit by their own batching. */
export const batching = { batchSize: callsPerMinute, batchInterval: 61_000 };

export const limitedEmulator = (time: ReturnType<typeof fastTime>): EmulatorOptions => ({
	clock: time.now,
	tokenLifetimeSeconds: 24 * 3600,
	limits: { callsPerMinute, callsPerHour: 1500 },
});

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

/** What the node is held to. */
export const goalsOf = (
	own: { readonly results: number; calls: number; refused: number; seconds: number },
	{ atMostTime, atMostRefused }: { atMostTime: number; atMostRefused: number },
) => [
	{ what: 'time to the bound', value: own.seconds / boundSeconds, atMost: atMostTime },
	{ what: 'results lost', value: results - own.results, atMost: 0, kind: 'count' as const },
	{
		what: 'calls refused',
		value: own.refused / own.calls,
		atMost: atMostRefused,
		kind: 'share' as const,
	},
];
