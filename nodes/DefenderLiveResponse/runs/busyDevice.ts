/** What comes of a device that is busy, as When Device Is Busy says. */
import { watchOf } from '../api/actionWatch';
import { listOnDevice } from '../api/machineActionLists';
import { LIST_LAG_MS } from '../domain/actionTimes';
import { actionState, isFinished, type MachineAction } from '../domain/machineAction';
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
	const { context, kind } = run;
	const running = foreign ? [foreign] : await listedRunning(run, deadline);
	const own = foreign ? null : earlierRunAmong(running, run);
	if (own) return own;

	const [blocking] = running;
	switch (run.whenBusy) {
		case 'fail':
			throw busyError(context, kind, blocking);
		case 'attach':
			if (blocking && kind.joins?.(blocking) !== false) {
				return { action: blocking, attached: true, comment: null };
			}
			if (!kind.joins) throw busyError(context, kind, blocking);
			await afterOther(run, deadline, blocking);
			return null;
		case 'wait':
			await afterOther(run, deadline, blocking);
			return null;
	}
}

/** Waits for the end of the other action, or for an interval where it is not known. */
async function afterOther(
	{ context, connection, kind, patience: { intervalMs } }: WantedRun,
	deadline: number,
	blocking: MachineAction | undefined,
): Promise<void> {
	const { clock, signal } = connection;
	const maxWaitMs = deadline - clock.now();
	if (maxWaitMs <= 0) throw busyError(context, kind, blocking);
	if (!blocking) {
		if (await clock.sleep(intervalMs, signal)) return;
		throw canceledError(context);
	}
	const outcome = await watchOf(connection).until(blocking, { intervalMs, maxWaitMs });
	if (outcome.kind === 'stopped') throw canceledError(context);
	if (outcome.kind !== 'finished') throw busyError(context, kind, outcome.action);
}

/**
 * What keeps the device busy, newest first. A live response may be a session of the portal, which is in no
 * list; any other action is listed within the lag, and may have ended by then.
 */
async function listedRunning(
	{ connection, kind, machineId, patience: { intervalMs } }: WantedRun,
	deadline: number,
): Promise<MachineAction[]> {
	const { clock, signal } = connection;
	const end = kind.joins ? Math.min(deadline, clock.now() + LIST_LAG_MS) : 0;
	const refusedAt = clock.wallTime();
	for (;;) {
		const listed = await listOnDevice(connection, kind.type, machineId);
		const running = listed.filter(
			(action) => !isFinished(action) || (kind.joins && hasSucceededSince(action, refusedAt)),
		);
		if (running.length > 0 || clock.now() >= end) return running;
		if (!(await clock.sleep(Math.min(intervalMs, end - clock.now()), signal))) return running;
	}
}

/** It was in the way then, and has done meanwhile what is asked for. */
const hasSucceededSince = (action: MachineAction, time: number) =>
	actionState(action.status) === 'succeeded' && Date.parse(action.lastUpdateDateTimeUtc) >= time;
