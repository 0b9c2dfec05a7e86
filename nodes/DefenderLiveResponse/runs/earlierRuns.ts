/** Looking for the run of an item in lists of machine actions; one list serves all items. */
import { listCreatedSince } from '../api/machineActionLists';
import { CLOCK_DIFFERENCE_MS } from '../domain/actionTimes';
import { isMachineId } from '../domain/identifiers';
import type { MachineAction } from '../domain/machineAction';
import { perConnection } from '../transport/perConnection';
import { earlierRunAmong, ownRunAmong } from './listedRun';
import type { StartedRun } from './runRegistry';
import type { WantedRun } from './wantedRun';

type Found = StartedRun | null;

/** Then until the end. */
const LAG_WAITS_MS = [5000, 10_000, 15_000, 30_000, 30_000, 30_000];
/** For an answer that was lost: it is looked for soon, and longer than for anything else. */
const LOST_WAITS_MS = [1000, 2000, 5000, 10_000, 20_000, 40_000, 60_000, 60_000];
export const LOST_MS = LOST_WAITS_MS.reduce((sum, ms) => sum + ms, 0);

/** Items that look at the same time share a list. */
const SAME_TIME_MS = 900;

/** One look. @param notBefore clock time in milliseconds: an older list does not do */
export async function lookOnce(run: WantedRun, notBefore: number): Promise<Found> {
	// Others who have the key may start it meanwhile.
	const now = run.connection.clock.now();
	const oldest = run.marker.key === '' ? notBefore : Math.max(notBefore, now - SAME_TIME_MS);
	return earlierRunAmong(await listFor(run, oldest), run);
}

/** The run that somebody started lately, as soon as it is listed. @param end clock time in milliseconds */
export async function lookThroughLag(run: WantedRun, end: number): Promise<Found> {
	return await lookAgain(run, LAG_WAITS_MS, end, (actions) => earlierRunAmong(actions, run));
}

/** The run that this item, or whoever gave the same key, may have started; null when it does not appear. */
export async function lookForLost(wanted: WantedRun, startedAt: number): Promise<Found> {
	const createdSince = startedAt - CLOCK_DIFFERENCE_MS;
	const run = { ...wanted, isOfAnyExecution: false, createdSince };
	const { clock, events } = run.connection;
	const pick = (actions: readonly MachineAction[]) =>
		ownRunAmong(actions, run) ?? earlierRunAmong(actions, run);
	// A list that is refused says nothing.
	const end = clock.now() + LOST_MS;
	const found = await lookAgain(run, LOST_WAITS_MS, end, pick).catch(() => null);
	if (found && !found.attached) events.started.add(found.action.id);
	return found;
}

/** @throws NodeApiError when the last look of all is refused */
async function lookAgain(
	run: WantedRun,
	waitsMs: readonly number[],
	end: number,
	pick: (actions: readonly MachineAction[]) => Found,
): Promise<Found> {
	const { clock, signal } = run.connection;
	let failure: { error: unknown } | null = null;
	for (let look = 0; clock.now() < end && !signal?.aborted; look++) {
		const before = clock.now();
		await clock.sleep(Math.min(waitsMs[look] ?? Infinity, end - before), signal);
		// What another item has listed meanwhile does as well; the last list is from the end.
		const notBefore = clock.now() < end ? before : end;
		const listed = await listFor(run, notBefore).catch((error: unknown) => ({ error }));
		failure = 'error' in listed ? listed : null;
		const found = 'error' in listed ? null : pick(listed);
		if (found) return found;
	}
	if (failure) throw failure.error;
	return null;
}

interface Looked {
	at: number;
	since: number;
	actions: Promise<MachineAction[]>;
}

const lists = perConnection(() => new Map<string, Looked>());

async function listFor(run: WantedRun, notBefore: number): Promise<MachineAction[]> {
	const { connection, machineId, createdSince: since } = run;
	const { type } = run.kind;
	const known = lists(connection);
	const last = known.get(type);
	if (last && last.at >= notBefore && last.since <= since) return await last.actions;
	const isOnlyItem = run.context.functions.getInputData().length === 1;
	const actions = listCreatedSince(connection, {
		types: [type],
		since,
		...(isOnlyItem && isMachineId(machineId) ? { machineId } : {}),
	});
	known.set(type, { at: connection.clock.now(), since, actions });
	actions.catch(() => known.delete(type));
	return await actions;
}
