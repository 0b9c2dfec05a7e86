import { watchOf } from '../api/actionWatch';
import { listRunning } from '../api/machineActionLists';
import type { MachineAction } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import type { Connection } from '../transport/connection';
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
	const running = foreign
		? [foreign]
		: await listRunning(connection, wanted.kind.type, wanted.machineId);
	const own = foreign ? null : earlierRunAmong(context, running, wanted);
	if (own) return own;

	const [blocking] = running;
	switch (wanted.whenBusy) {
		case 'fail':
			throw busyError(context, blocking);
		case 'attach':
			if (!blocking) throw busyError(context, blocking);
			return { action: blocking, attached: true, comment: null };
		case 'wait': {
			const { clock, signal } = connection;
			const { intervalMs } = wanted.patience;
			if (clock.now() >= deadline) throw busyError(context, blocking);
			if (!blocking) {
				if (!(await clock.sleep(intervalMs, signal))) throw busyError(context, blocking);
				return null;
			}
			const outcome = await watchOf(connection).until(blocking, { intervalMs, deadline });
			if (outcome.kind === 'finished') return null;
			throw busyError(context, outcome.action);
		}
	}
}
