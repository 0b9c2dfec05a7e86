/**
 * Which live responses have ended since the last look, each of them once. Nothing here knows n8n,
 * the API or a clock: a memory, what was looked at, and what comes of the two.
 *
 * A look sees what was created since `since`, whatever is unfinished, and (by id) what was unfinished
 * before.
 *
 * A memory may be older than the last look: n8n stores it when a poll had items, and when a workflow
 * is activated. That does no harm, because whatever was delivered is in it.
 */
import { isWanted, type ActionFilter } from './actionFilter';
import { createdAt, isFinished, type MachineAction } from './machineAction';
import { recentlyHandled, sinceOf, type Lifetime } from './pollWindow';

/** Times are milliseconds since 1970. */
export interface Memory {
	version: 1;
	tenantId: string;
	workflowId: string;
	/** What was wanted at the last look. */
	filter: ActionFilter;
	/** What the field Device said then, as text: a name may come to mean another entry. */
	device?: string;
	/** Null as long as the tenant has no live response. */
	since: number | null;
	/** Those that have not ended, or have not been delivered. */
	unfinished: Record<string, Unfinished>;
	/** Those that have ended and may still come up in a list: when each was created, and ended. */
	handled: Record<string, Lifetime>;
	/** How many unfinished ones there were beyond those that are remembered. */
	crowdedOut: number;
}

export interface Unfinished {
	/** 0 when it has no time. */
	createdAt: number;
	/** How often it was looked for in vain. */
	misses?: number;
	/** It has ended, and this often its results could not be fetched. */
	attempts?: number;
}

export interface Look {
	now: number;
	tenantId: string;
	workflowId: string;
	filter: ActionFilter;
	device: string;
	/** What was created since then was listed; null: everything was. */
	since: number | null;
	seen: readonly MachineAction[];
	/** Ids that were asked for and did not come. */
	missing: readonly string[];
	/** Ended actions to be delivered by a later look, by id; whether delivery was attempted. */
	postponed: ReadonlyMap<string, { attempted: boolean }>;
}

export interface Remembered {
	memory: Memory;
	/** Ids that were unfinished and have not been found several times in a row: they are given up. */
	vanished: string[];
}

/** Beyond it the newest are kept; those that have ended go before them. */
export const MOST_UNFINISHED = 10_000;
/** Of these may have ended: room is left for what goes on. */
export const MOST_POSTPONED = MOST_UNFINISHED / 2;
const MOST_MISSES = 5;

/** Unfinished at the last look and not in the list: they have ended, oldest first. */
export function toLookUp(memory: Memory, listed: readonly MachineAction[]) {
	const ids = new Set(listed.map(({ id }) => id));
	return Object.entries(memory.unfinished)
		.filter(([id]) => !ids.has(id))
		.map(([id, { createdAt: time }]) => ({ id, createdAt: time }))
		.sort((a, b) => a.createdAt - b.createdAt);
}

/**
 * The wanted ones that have ended since the last look, in the order in which they ended. None at the
 * first look: what has ended by then is history. What ended before the filter was changed is not
 * wanted by a wider filter either; another key, of a run or a campaign, makes none wider, and nor does
 * another entry that the same name of a device means now.
 */
export function endedSince(
	memory: Memory | null,
	seen: readonly MachineAction[],
	{ filter, device }: Pick<Look, 'filter' | 'device'>,
): MachineAction[] {
	if (memory === null) return [];
	const before =
		memory.device === device ? { ...memory.filter, machineId: filter.machineId } : memory.filter;
	return inOrderOfEnd(
		distinct(seen)
			.filter((action) => isFinished(action) && !Object.hasOwn(memory.handled, action.id))
			.filter((action) => isWanted(action, filter) && wasWanted(action, before, filter)),
	);
}

/** A key that moves with the clock asks for runs of its own, also for those from before it was set. */
const wasWanted = (action: MachineAction, before: ActionFilter, now: ActionFilter): boolean =>
	isWanted(action, {
		...before,
		key: now.key ?? before.key,
		campaign: now.campaign ?? before.campaign,
	});

export function inOrderOfEnd(actions: readonly MachineAction[]): MachineAction[] {
	return [...actions].sort(
		(a, b) => lastTimeOf(a) - lastTimeOf(b) || a.id.localeCompare(b.id, 'en'),
	);
}

export function attemptsOf(memory: Memory | null, id: string): number {
	return memory?.unfinished[id]?.attempts ?? 0;
}

/** What to know at the next look. */
export function remember(memory: Memory | null, look: Look): Remembered {
	const seen = distinct(look.seen);
	const unfinished = new Map(Object.entries(memory?.unfinished ?? {}));
	const handled = new Map(Object.entries(memory?.handled ?? {}));
	const vanished: string[] = [];
	for (const id of look.missing) {
		const known = unfinished.get(id);
		if (!known) continue;
		const misses = (known.misses ?? 0) + 1;
		if (misses < MOST_MISSES) {
			unfinished.set(id, { ...known, misses });
		} else {
			unfinished.delete(id);
			vanished.push(id);
		}
	}
	for (const action of seen) {
		// A copy of the service that lags behind may still show it as unfinished.
		if (handled.has(action.id)) continue;
		const postponed = look.postponed.get(action.id);
		const attempts = attemptsOf(memory, action.id) + (postponed?.attempted ? 1 : 0);
		const createdAt = timeOf(action.creationDateTimeUtc);
		if (isFinished(action) && !postponed) {
			unfinished.delete(action.id);
			handled.set(action.id, [createdAt, lastTimeOf(action)]);
		} else {
			unfinished.set(action.id, attempts > 0 ? { createdAt, attempts } : { createdAt });
		}
	}
	const since = sinceOf(look.since, seen.map(createdAt), look.now);
	const kept = recentlyHandled(handled, since, look.now);
	return {
		memory: {
			version: 1,
			tenantId: look.tenantId,
			workflowId: look.workflowId,
			filter: look.filter,
			device: look.device,
			since: kept.since,
			unfinished: Object.fromEntries(newestUnfinished(unfinished, look.postponed)),
			handled: Object.fromEntries(kept.handled),
			crowdedOut: Math.max(0, unfinished.size - MOST_UNFINISHED),
		},
		vanished,
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
