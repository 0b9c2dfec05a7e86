/** The limits of the API as data: how many calls in which window, and which calls count. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** `call` has the limits of all calls; another lane also has small ones of its own. */
export type Lane = 'call' | 'run' | 'packageLink';

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
	/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-package-sas-uri#limitations */
	{ name: 'packageLinksPerMinute', calls: 2, windowMs: MINUTE_MS, lane: 'packageLink' },
	{ name: 'packageLinksPerHour', calls: 120, windowMs: HOUR_MS, lane: 'packageLink' },
];

/** A small limit is spent by a few calls at once from each of several processes. */
export const MOST_IN_FLIGHT_OF_A_LANE = 2;
