/**
 * Which live responses have ended since the last look, each of them once. Nothing here knows n8n,
 * the API or a clock: a memory, what was looked at, and what comes of the two.
 *
 * A look sees what was created since `since`, whatever is unfinished, and (by id) what was unfinished
 * before. Since lists may lack a new action for two minutes, `since` stays behind the newest creation
 * time seen: it moves by the service's own timestamps, so that clocks need not agree.
 *
 * A memory may be older than the last look: n8n stores it when a poll had items, and when a workflow
 * is activated. That does no harm, because whatever was delivered is in it.
 */
import { isWanted, type ActionFilter } from './actionFilter';
import { createdAt, isFinished, type MachineAction } from './machineAction';

/** Times are milliseconds since 1970. */
export interface Memory {
	version: 1;
	tenantId: string;
	/** What was wanted at the last look. */
	filter: ActionFilter;
	/** Null as long as the tenant has no live response. */
	since: number | null;
	unfinished: Record<string, Unfinished>;
	/** Those that have ended and may still come up in a list, with their last timestamp. */
	handled: Record<string, number>;
}

export interface Unfinished {
	createdAt: number;
	/** How often it was looked for in vain. */
	misses?: number;
	/** It has ended, and this often its results could not be fetched. */
	attempts?: number;
}

export interface Look {
	now: number;
	tenantId: string;
	filter: ActionFilter;
	/** What was created since then was listed; null: everything was. */
	since: number | null;
	seen: readonly MachineAction[];
	/** Ids that were asked for and did not come. */
	missing: readonly string[];
	/** Ended actions to be delivered by a later look, by id; whether delivery was attempted. */
	postponed: ReadonlyMap<string, { attempted: boolean }>;
}

const MINUTE_MS = 60_000;

/** Lists lack a new action for two minutes at most; the rest is for clocks inside the service. */
const OVERLAP_MS = 15 * MINUTE_MS;
/** After a pause, what happened before that is not looked at any more. A live response lives 3 days. */
const LONGEST_CATCH_UP_MS = 7 * 24 * 60 * MINUTE_MS;
/** Beyond these the memory keeps the newest. */
export const MOST_UNFINISHED = 2000;
export const MOST_HANDLED = 2000;
const MOST_MISSES = 2;

/** Live responses created before this need not be listed, unless they are unfinished. */
export function listedSince(memory: Memory, now: number): number | null {
	return memory.since === null ? null : Math.max(memory.since, now - LONGEST_CATCH_UP_MS);
}

/** Unfinished at the last look and not in the list: they have ended, oldest first. */
export function toLookUp(memory: Memory, listed: readonly MachineAction[], most: number): string[] {
	const ids = new Set(listed.map(({ id }) => id));
	return Object.entries(memory.unfinished)
		.filter(([id]) => !ids.has(id))
		.sort(([, a], [, b]) => a.createdAt - b.createdAt)
		.slice(0, most)
		.map(([id]) => id);
}

/**
 * The wanted ones that have ended since the last look, in the order in which they ended. None at the
 * first look: what has ended by then is history. What ended before the filter was changed is not
 * wanted by a wider filter either.
 */
export function endedSince(
	memory: Memory | null,
	seen: readonly MachineAction[],
	filter: ActionFilter,
): MachineAction[] {
	if (memory === null) return [];
	return inOrderOfEnd(
		distinct(seen)
			.filter((action) => isFinished(action) && !Object.hasOwn(memory.handled, action.id))
			.filter((action) => isWanted(action, filter) && isWanted(action, memory.filter)),
	);
}

export function inOrderOfEnd(actions: readonly MachineAction[]): MachineAction[] {
	return [...actions].sort(
		(a, b) => lastTimeOf(a) - lastTimeOf(b) || a.id.localeCompare(b.id, 'en'),
	);
}

export function attemptsOf(memory: Memory | null, id: string): number {
	return memory?.unfinished[id]?.attempts ?? 0;
}

/** What to know at the next look. */
export function remember(memory: Memory | null, look: Look): Memory {
	const seen = distinct(look.seen);
	const unfinished = new Map(Object.entries(memory?.unfinished ?? {}));
	const handled = new Map(Object.entries(memory?.handled ?? {}));
	for (const id of look.missing) {
		const known = unfinished.get(id);
		const misses = (known?.misses ?? 0) + 1;
		if (known && misses < MOST_MISSES) unfinished.set(id, { ...known, misses });
		else unfinished.delete(id);
	}
	for (const action of seen) {
		// A copy of the service that lags behind may still show it as unfinished.
		if (handled.has(action.id)) continue;
		const postponed = look.postponed.get(action.id);
		const attempts = attemptsOf(memory, action.id) + (postponed?.attempted ? 1 : 0);
		if (isFinished(action) && !postponed) {
			unfinished.delete(action.id);
			handled.set(action.id, lastTimeOf(action));
		} else {
			const createdAt = timeOf(action.creationDateTimeUtc);
			unfinished.set(action.id, attempts > 0 ? { createdAt, attempts } : { createdAt });
		}
	}
	const kept = recentlyHandled(handled, sinceOf(look.since, seen, look.now));
	return {
		version: 1,
		tenantId: look.tenantId,
		filter: look.filter,
		since: kept.since,
		unfinished: Object.fromEntries(newestUnfinished(unfinished, look.postponed)),
		handled: Object.fromEntries(kept.handled),
	};
}

/** A creation time ahead of n8n's clock does not count: it could make a look skip what is older. */
function sinceOf(since: number | null, seen: MachineAction[], now: number): number | null {
	if (seen.length === 0) return since;
	const newest = seen.reduce((latest, action) => Math.max(latest, createdAt(action) ?? 0), 0);
	return Math.max(since ?? 0, overlapped(Math.min(newest, now)));
}

/** Where to begin so that nothing listed late is missed. */
export const overlapped = (time: number) => time - OVERLAP_MS;

/**
 * What can come up in a list again. With too many of them the list has to begin later instead, so
 * that none is delivered twice; one that is listed late may then be missed.
 */
function recentlyHandled(handled: Map<string, number>, since: number | null) {
	const recent = [...handled].filter(([, time]) => since === null || time >= since);
	if (recent.length <= MOST_HANDLED) return { handled: recent, since };
	const newestFirst = recent.sort(([, a], [, b]) => b - a);
	const [, newestForgotten] = newestFirst[MOST_HANDLED];
	return {
		handled: newestFirst.slice(0, MOST_HANDLED),
		since: Math.max(since ?? 0, newestForgotten + 1),
	};
}

/** Those that have ended go first: nothing else will bring them up again. */
function newestUnfinished(unfinished: Map<string, Unfinished>, postponed: Look['postponed']) {
	if (unfinished.size <= MOST_UNFINISHED) return unfinished;
	return [...unfinished]
		.sort(
			([a, { createdAt }], [b, other]) =>
				Number(postponed.has(b)) - Number(postponed.has(a)) || other.createdAt - createdAt,
		)
		.slice(0, MOST_UNFINISHED);
}

/** Pages of a list that changes meanwhile may overlap; of two versions the finished one is newer. */
function distinct(seen: readonly MachineAction[]): MachineAction[] {
	const byId = new Map<string, MachineAction>();
	for (const action of seen) {
		if (!byId.has(action.id) || isFinished(action)) byId.set(action.id, action);
	}
	return [...byId.values()];
}

function lastTimeOf(action: MachineAction): number {
	return Math.max(timeOf(action.lastUpdateDateTimeUtc), timeOf(action.creationDateTimeUtc));
}

/** 0 for what is no time: the action is then the oldest there is. */
function timeOf(value: string | undefined): number {
	const time = Date.parse(value ?? '');
	return Number.isNaN(time) ? 0 : time;
}
