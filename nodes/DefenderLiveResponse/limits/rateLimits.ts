/** The limits of the API as data: how many calls in which window, and which calls count. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/**
 * `call` has the limits of all calls; another lane also has small ones of its own. How many uploads pass
 * in a minute no page says, and six were seen to: their lane has none here, and a 429 holds them alone.
 */
export type Lane = 'call' | 'run' | 'upload';

export interface RateLimit {
	name: string;
	calls: number;
	windowMs: number;
	/** Only calls of this lane count; all calls when it is absent. */
	lane?: Exclude<Lane, 'call'>;
}

/** What the user sets for an app registration in the credential. */
export const appLimits = (calls: { perMinute: number; perHour: number }): RateLimit[] => [
	{ name: 'minute', calls: calls.perMinute, windowMs: MINUTE_MS },
	{ name: 'hour', calls: calls.perHour, windowMs: HOUR_MS },
];

export const laneLimits: readonly RateLimit[] = [
	/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response#limitations */
	{ name: 'runs', calls: 10, windowMs: MINUTE_MS, lane: 'run' },
];

/** A small limit is spent by a few calls at once from each of several processes. */
export const MOST_IN_FLIGHT_OF_A_LANE = 2;
