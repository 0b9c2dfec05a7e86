/** What comes of a device that is busy, as When Device Is Busy says. */
import { watchOf } from '../api/actionWatch';
import { listRunning } from '../api/machineActionLists';
import type { MachineAction } from '../domain/machineAction';
import { earlierRunAmong } from './listedRun';
import type { StartedRun } from './runRegistry';
import { busyError, canceledError } from './startErrors';
import type { WantedRun } from './wantedRun';

/**
 * The run to go on with, or null when the device should be free to start on.
 * @param deadline clock time in milliseconds
 * @param foreign the action in the way, where the API named it itself
 */
export async function whenBusy(
	run: WantedRun,
	deadline: number,
	foreign?: MachineAction,
): Promise<StartedRun | null> {
	const { context, connection, kind, machineId } = run;
	const running = foreign ? [foreign] : await listRunning(connection, kind.type, machineId);
	const own = foreign ? null : earlierRunAmong(running, run);
	if (own) return own;

	const [blocking] = running;
	switch (run.whenBusy) {
		case 'fail':
			throw busyError(context, blocking);
		case 'attach':
			if (!blocking) throw busyError(context, blocking);
			return { action: blocking, attached: true, comment: null };
		case 'wait': {
			const { clock, signal } = connection;
			const { intervalMs } = run.patience;
			const maxWaitMs = deadline - clock.now();
			if (maxWaitMs <= 0) throw busyError(context, blocking);
			if (!blocking) {
				if (await clock.sleep(intervalMs, signal)) return null;
				throw canceledError(context);
			}
			const outcome = await watchOf(connection).until(blocking, { intervalMs, maxWaitMs });
			if (outcome.kind === 'finished') return null;
			if (outcome.kind === 'stopped') throw canceledError(context);
			throw busyError(context, outcome.action);
		}
	}
}
