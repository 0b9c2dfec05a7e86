import { watchOf } from '../api/actionWatch';
import { listRunning } from '../api/machineActionLists';
import type { MachineAction } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import type { Connection } from '../transport/connection';
import { LAG_WAITS_MS } from './earlierRuns';
import { earlierRunAmong } from './listedRun';
import type { StartedRun } from './runRegistry';
import { busyError } from './startErrors';
import type { WantedRun } from './wantedRun';

/**
 * What comes of a device that is busy, as When Device Is Busy says: the run to go on with, or null
 * when it should be free to start on.
 * @param foreign the action in the way, where the API named it itself
 * @param deadline clock time in milliseconds
 */
export async function whenBusy(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	{ foreign, deadline }: { foreign?: MachineAction; deadline: number },
): Promise<StartedRun | null> {
	const running = foreign ? [foreign] : await listedRunning(connection, wanted, deadline);
	const own = foreign ? null : earlierRunAmong(context, running, wanted);
	if (own) return own;

	const { kind } = wanted;
	const [blocking] = running;
	switch (wanted.whenBusy) {
		case 'fail':
			throw busyError(context, kind, blocking);
		case 'attach':
			if (!blocking && kind.joins && connection.clock.now() < deadline) return null;
			if (!blocking || kind.joins?.(blocking) === false) throw busyError(context, kind, blocking);
			return { action: blocking, attached: true, comment: null };
		case 'wait': {
			const { clock, signal } = connection;
			const { intervalMs } = wanted.patience;
			if (clock.now() >= deadline) throw busyError(context, kind, blocking);
			if (!blocking) {
				if (!(await clock.sleep(intervalMs, signal))) throw busyError(context, kind, blocking);
				return null;
			}
			const outcome = await watchOf(connection).until(blocking, { intervalMs, deadline });
			if (outcome.kind === 'finished') return null;
			throw busyError(context, kind, outcome.action);
		}
	}
}

/**
 * What keeps the device busy, newest first. A live response may be a session of the portal, which is in no
 * list; any other action is listed sooner or later, unless it ends before.
 */
async function listedRunning(
	connection: Connection,
	{ kind, machineId }: WantedRun,
	deadline: number,
): Promise<MachineAction[]> {
	const { clock, signal } = connection;
	for (const waitMs of kind.joins ? LAG_WAITS_MS : []) {
		const running = await listRunning(connection, kind.type, machineId);
		if (running.length > 0) return running;
		const leftMs = deadline - clock.now();
		if (leftMs <= 0 || !(await clock.sleep(Math.min(waitMs, leftMs), signal))) return [];
	}
	return await listRunning(connection, kind.type, machineId);
}
