/** Looking for the run of an item in lists of machine actions; one list serves all items. */
import { listCreatedSince } from '../api/machineActionLists';
import { isMachineId } from '../domain/identifiers';
import type { MachineAction } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import type { Connection } from '../transport/connection';
import { perConnection } from '../transport/perConnection';
import { earlierRunAmong, ownRunAmong } from './listedRun';
import type { StartedRun } from './runRegistry';
import { CLOCK_DIFFERENCE_MS, type WantedRun } from './wantedRun';

interface Looked {
	at: number;
	since: number;
	actions: Promise<MachineAction[]>;
}

const lists = perConnection(() => new Map<string, Looked>());

/** Items that look at the same time share a list. */
const SAME_TIME_MS = 900;

/** @param since clock time in milliseconds @param maxAgeMs of a list that may serve */
async function listFor(
	{ functions }: ItemInputs,
	connection: Connection,
	{ kind: { type }, machineId }: WantedRun,
	{ since, maxAgeMs = SAME_TIME_MS }: { since: number; maxAgeMs?: number },
): Promise<MachineAction[]> {
	const known = lists(connection);
	const last = known.get(type);
	const now = connection.clock.now();
	if (last && now - last.at <= maxAgeMs && last.since <= since) return await last.actions;
	const isOnlyItem = functions.getInputData().length === 1;
	const actions = listCreatedSince(connection, {
		types: [type],
		since,
		...(isOnlyItem && isMachineId(machineId) ? { machineId } : {}),
	});
	known.set(type, { at: now, since, actions });
	actions.catch(() => known.delete(type));
	return await actions;
}

type Found = StartedRun | null;
type Pick = (actions: readonly MachineAction[]) => Found;

/** One look, at a list of this moment where others may start the run meanwhile. */
export async function lookOnce(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
): Promise<Found> {
	const maxAgeMs = wanted.marker.key === '' ? Infinity : SAME_TIME_MS;
	const { createdSince: since } = wanted;
	const actions = await listFor(context, connection, wanted, { since, maxAgeMs });
	return earlierRunAmong(context, actions, wanted);
}

/** Lists lag behind by two minutes; this looks longer than that. */
export const LAG_WAITS_MS = [5000, 10_000, 15_000, 30_000, 30_000, 30_000, 35_000];
export const LAG_S = LAG_WAITS_MS.reduce((sum, ms) => sum + ms, 0) / 1000;

/**
 * The run that somebody started lately, as soon as it is listed. Null when it is not, although it is
 * time, or `until` (clock time in milliseconds) has come.
 */
export async function lookThroughLag(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	until: number,
): Promise<Found> {
	const pick: Pick = (actions) => earlierRunAmong(context, actions, wanted);
	return await lookAgain(context, connection, wanted, { waitsMs: LAG_WAITS_MS, until, pick });
}

/** For an answer that was lost: it is looked for soon, and longer than for anything else. */
const LOST_WAITS_MS = [1000, 2000, 5000, 10_000, 20_000, 40_000, 60_000, 60_000];
export const LOST_S = LOST_WAITS_MS.reduce((sum, ms) => sum + ms, 0) / 1000;

/** The run that this very item may have started; null when it does not appear. */
export async function lookForOwn(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	startedAt: number,
): Promise<Found> {
	const own = {
		...wanted,
		isOfAnyExecution: false,
		createdSince: startedAt - CLOCK_DIFFERENCE_MS,
	};
	const pick: Pick = (actions) => ownRunAmong(actions, own);
	return await lookForLost(context, connection, own, pick);
}

/** The run that somebody may have started who gave the same key; null when it does not appear. */
export async function lookForStarted(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	startedAt: number,
): Promise<Found> {
	if (wanted.marker.key === '') return await lookForOwn(context, connection, wanted, startedAt);
	const keyed = { ...wanted, createdSince: startedAt - CLOCK_DIFFERENCE_MS };
	const pick: Pick = (actions) => earlierRunAmong(context, actions, keyed);
	return await lookForLost(context, connection, keyed, pick);
}

async function lookForLost(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	pick: Pick,
): Promise<Found> {
	// A list that is refused says nothing.
	const looks = { waitsMs: LOST_WAITS_MS, until: Infinity, pick };
	const found = await lookAgain(context, connection, wanted, looks).catch(() => null);
	if (found && !found.attached) connection.events.started.add(found.action.id);
	return found;
}

interface Looks {
	waitsMs: readonly number[];
	until: number;
	pick: Pick;
}

/** @throws NodeApiError when the last look of all is refused */
async function lookAgain(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	{ waitsMs, until, pick }: Looks,
): Promise<Found> {
	const { clock, signal } = connection;
	const end = Math.min(until, clock.now() + waitsMs.reduce((sum, ms) => sum + ms, 0));
	let failure: { error: unknown } | null = null;
	for (let look = 0; clock.now() < end && !signal?.aborted; look++) {
		const waitMs = Math.min(waitsMs[look] ?? Infinity, end - clock.now());
		const listed = await nextList(context, connection, wanted, waitMs);
		const found = listed.kind === 'listed' ? pick(listed.actions) : null;
		if (found) return found;
		failure = listed.kind === 'failed' ? listed : null;
	}
	if (failure) throw failure.error;
	return null;
}

type Listed = { kind: 'listed'; actions: MachineAction[] } | { kind: 'failed'; error: unknown };

const nextLists = perConnection(() => new Map<string, Promise<Listed>>());

/** A list after this wait, or the one that another item waits for already. */
async function nextList(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	waitMs: number,
): Promise<Listed> {
	const waiting = nextLists(connection);
	const since = wanted.createdSince;
	// Lost answers need a short list, and everything else one that goes back a day.
	const name = `${wanted.kind.type} ${since > connection.clock.wallTime() - 3_600_000}`;
	const look = async (): Promise<Listed> => {
		await connection.clock.sleep(waitMs, connection.signal);
		waiting.delete(name);
		return await listFor(context, connection, wanted, { since }).then(
			(actions): Listed => ({ kind: 'listed', actions }),
			(error: unknown): Listed => ({ kind: 'failed', error }),
		);
	};
	const next = waiting.get(name) ?? look();
	waiting.set(name, next);
	return await next;
}
