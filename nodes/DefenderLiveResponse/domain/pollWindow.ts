/**
 * Where the list of a poll begins, and what may come up in it again. Lists may lack a new action for
 * two minutes, so it begins behind the newest creation time seen. It moves by the service's own
 * timestamps, so that clocks need not agree; n8n's clock only tells which of them are plausible.
 */

/** When a live response was created, and when it ended; milliseconds since 1970. */
export type Lifetime = readonly [createdAt: number, endedAt: number];

/** Lists lack a new action for two minutes at most; the rest is for clocks inside the service. */
const OVERLAP_MS = 15 * 60_000;
/** Beyond it the list begins later. */
export const MOST_HANDLED = 10_000;

/**
 * The beginning of the next list. Only a time that was seen and is not ahead of n8n's clock moves it
 * forward: null, for the whole list, as long as there was none.
 */
export function sinceOf(
	since: number | null,
	created: ReadonlyArray<number | null>,
	now: number,
): number | null {
	const newest = newestTime(created, now);
	if (newest === null) return since;
	return Math.max(since ?? -Infinity, newest - OVERLAP_MS);
}

/** Times ahead of n8n's clock do not count: one of them would make the next looks skip what is older. */
function newestTime(times: ReadonlyArray<number | null>, now: number): number | null {
	const plausible = times.filter((time) => time !== null && time <= now);
	return plausible.reduce<number | null>(
		(newest, time) => (time !== null && (newest === null || time > newest) ? time : newest),
		null,
	);
}

/**
 * What can come up in a list again: by its creation time, or because a copy of the service that lags
 * behind lists it as unfinished. With too many of them the list has to begin later instead, so that
 * none is delivered twice; one that is listed late may then be missed.
 */
export function recentlyHandled(
	handled: ReadonlyMap<string, Lifetime>,
	since: number | null,
	now: number,
): { handled: Array<[string, Lifetime]>; since: number | null } {
	const ends = [...handled.values()].map(([, endedAt]) => endedAt);
	const lately = (newestTime(ends, now) ?? Infinity) - OVERLAP_MS;
	const recent = [...handled].filter(
		([, [createdAt, endedAt]]) => since === null || createdAt >= since || endedAt >= lately,
	);
	if (recent.length <= MOST_HANDLED) return { handled: recent, since };
	const newestFirst = recent.sort(([, [a]], [, [b]]) => b - a);
	const [, [newestForgotten]] = newestFirst[MOST_HANDLED];
	// Whatever is ahead of the clock stays in every list, so it has to be remembered.
	const kept = newestFirst.filter(([, [createdAt]], at) => at < MOST_HANDLED || createdAt > now);
	return {
		handled: kept,
		since: newestForgotten > now ? since : Math.max(since ?? -Infinity, newestForgotten + 1),
	};
}
