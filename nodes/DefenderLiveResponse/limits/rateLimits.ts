/** The limits of the API as data: how many calls in which window, and which calls count. */

/** `call` has the limits of all calls; every other lane also has limits of its own. */
export const LANES = ['call', 'run', 'upload', 'packageLink'] as const;
export type Lane = (typeof LANES)[number];

export interface RateLimit {
	name:
		'minute' | 'hour' | 'runs' | 'sessions' | 'uploads' | 'packageLinks' | 'packageLinksPerHour';
	/** Infinity: only the service knows how many are left, and says it with a 429. */
	calls: number;
	windowMs: number;
	/** Only calls of this lane count; all calls when it is absent. */
	lane?: Exclude<Lane, 'call'>;
	/** So many may be under way in any case: what a process loses when it meets the limit unawares. */
	atOnce: number;
}

/** What the user sets for an app registration in the credential. */
export type CallLimits = Record<'callsPerMinute' | 'callsPerHour', number>;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machines#limitations */
export const DOCUMENTED_LIMITS: CallLimits = { callsPerMinute: 100, callsPerHour: 1500 };

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** With more, four processes that begin together would have 5 in 100 of a thousand calls refused. */
const CALLS_AT_ONCE = 6;
/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response#limitations */
export const STARTS_PER_MINUTE = 10;
/** A small limit is used up by a few calls at once from each of several processes. */
const START = { windowMs: MINUTE_MS, lane: 'run', atOnce: 2 } as const;
const PACKAGE_LINK = { lane: 'packageLink', atOnce: 2 } as const;

export const rateLimits = ({ callsPerMinute, callsPerHour }: CallLimits): RateLimit[] => [
	{ name: 'minute', calls: callsPerMinute, windowMs: MINUTE_MS, atOnce: CALLS_AT_ONCE },
	{ name: 'hour', calls: callsPerHour, windowMs: HOUR_MS, atOnce: CALLS_AT_ONCE },
	{ name: 'runs', calls: STARTS_PER_MINUTE, ...START },
	/** 25 or 50 of the tenant, whoever opens them. */
	{ name: 'sessions', calls: Infinity, ...START },
	/** No page has a number; six were seen to pass in a minute. */
	{ name: 'uploads', calls: Infinity, windowMs: MINUTE_MS, lane: 'upload', atOnce: 2 },
	/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-package-sas-uri#limitations */
	{ name: 'packageLinks', calls: 2, windowMs: MINUTE_MS, ...PACKAGE_LINK },
	{ name: 'packageLinksPerHour', calls: 120, windowMs: HOUR_MS, ...PACKAGE_LINK },
];
