/**
 * Starts a machine action, and never twice: not after Retry On Fail, a lost answer, a 5xx, or a
 * crash of n8n. Whatever may have been started before is looked for by its marker first.
 *
 * After a lost answer the node looks, and does not start again even when it finds nothing: lists
 * lag, and the device's own lock is gone as soon as a script has ended. A script that removes or
 * isolates something must not run twice on a guess, so a person decides, or the workflow does.
 */
import type { MachineAction } from '../domain/machineAction';
import { markedComment } from '../domain/marker';
import { watchOf } from '../api/actionWatch';
import type { Connection } from '../transport/connection';
import { refusalError } from '../transport/errors';
import type { UnsureStart } from '../api/actionStart';
import { listCreatedSince, listRunning } from '../api/machineActionLists';
import type { ItemInputs } from '../inputs/nodeContext';
import { apiError, nodeError } from '../inputs/nodeErrors';
import {
	earlierRuns,
	isAnothers,
	isRun,
	onDevice,
	wantedRun,
	LOOK_BACK_MS,
	type RunRequest,
	type StartedRun,
	type WantedRun,
} from './earlierRuns';
import { startedRunsOf, unsureStartsOf } from './startedRuns';

export async function startOnce(
	context: ItemInputs,
	connection: Connection,
	request: RunRequest,
): Promise<StartedRun> {
	const started = startedRunsOf(context.functions);
	const known = started.get(context.itemIndex);
	if (known) return { action: known, attached: false };

	const wanted = wantedRun(context, connection, request);
	const earlier = (await earlierRuns(context, connection, wanted)).find((action) =>
		isRun(action, wanted),
	);
	const run = earlier
		? { action: earlier, attached: isAnothers(earlier, wanted) }
		: await start(context, connection, wanted);
	if (!run.attached) started.set(context.itemIndex, run.action);
	return run;
}

async function start(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
): Promise<StartedRun> {
	const unsure = unsureStartsOf(context.functions);
	const comment = markedComment(wanted.comment, wanted.marker);
	for (;;) {
		// Retry On Fail: the try before may have started it.
		const earlier = unsure.get(context.itemIndex);
		if (earlier) return await lostRun(context, connection, wanted, earlier);
		const outcome = await wanted.kind.start(connection, wanted.machineId, comment);
		switch (outcome.kind) {
			case 'started':
				return { action: outcome.action, attached: false };
			case 'refused':
				throw refusalError(context.functions.getNode(), outcome.call, outcome.refusal);
			case 'unsure':
				unsure.set(context.itemIndex, outcome);
				break;
			case 'busy': {
				const run = await whenBusy(context, connection, wanted);
				if (run) return run;
				break;
			}
		}
	}
}

/** Fresh actions are missing from lists for up to two minutes; this looks longer than that. */
const LOST_RUN_WAITS_MS = [1000, 2000, 5000, 10_000, 20_000, 40_000, 60_000, 60_000];

/** The run whose answer was lost; throws when it is not to be found. */
async function lostRun(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
	outcome: UnsureStart,
): Promise<StartedRun> {
	for (const waitMs of LOST_RUN_WAITS_MS) {
		if (!(await connection.clock.sleep(waitMs, connection.signal))) break;
		// A list that is refused meanwhile says nothing; the next one may.
		const actions = await listCreatedSince(connection, {
			types: [wanted.kind.type],
			since: connection.clock.wallTime() - LOOK_BACK_MS,
			...onDevice(wanted),
		}).catch(() => []);
		const found = actions.find((action) => isRun(action, wanted));
		if (found) return { action: found, attached: isAnothers(found, wanted) };
	}
	throw unsureError(context, outcome);
}

/** The run to go on with; null when the device should be free to start on. */
async function whenBusy(
	context: ItemInputs,
	connection: Connection,
	wanted: WantedRun,
): Promise<StartedRun | null> {
	const running = await listRunning(connection, wanted.kind.type, wanted.machineId);
	const own = running.find((action) => isRun(action, wanted));
	if (own) return { action: own, attached: isAnothers(own, wanted) };

	const [blocking] = running;
	switch (wanted.whenBusy) {
		case 'fail':
			throw busyError(context, blocking);
		case 'attach':
			if (!blocking) throw busyError(context, blocking);
			return { action: blocking, attached: true };
		case 'wait': {
			const { clock, signal } = connection;
			if (clock.now() >= wanted.timing.deadline) throw busyError(context, blocking);
			if (!blocking) {
				const goesOn = await clock.sleep(wanted.timing.intervalMs, signal);
				if (!goesOn) throw busyError(context, blocking);
				return null;
			}
			const outcome = await watchOf(connection).until(blocking, wanted.timing);
			if (outcome.kind === 'finished') return null;
			throw busyError(context, outcome.action);
		}
	}
}

function busyError(context: ItemInputs, blocking: MachineAction | undefined) {
	const node = context.functions.getNode();
	if (!blocking) {
		return apiError(node, '400', 'deviceBusy', {
			message: 'This device is busy with a live response that the API does not list',
			description:
				"Sessions opened in the Defender portal block a device and are not listed; a live response started a moment ago is listed with a delay. Close the session, or set 'When Device Is Busy' to 'Wait'.",
		});
	}
	const text = {
		message: `This device is busy with machine action ${blocking.id}`,
		description: `It is ${blocking.status}, started by ${blocking.requestor ?? 'somebody'}. A device takes one live response at a time: wait for it, cancel it, or set 'When Device Is Busy' to 'Wait' or 'Attach'.`,
	};
	return apiError(node, '400', 'deviceBusy', text, { machineActionId: blocking.id });
}

const LOOKED_S = LOST_RUN_WAITS_MS.reduce((sum, ms) => sum + ms, 0) / 1000;

function unsureError(context: ItemInputs, { call, refusal }: UnsureStart) {
	const node = context.functions.getNode();
	const { message } = refusalError(node, call, refusal);
	return nodeError(node, 'startUnknown', {
		message: 'It is not known whether the live response was started',
		itemIndex: context.itemIndex,
		description: `${message}, and in ${LOOKED_S} s no machine action with this run's marker has appeared. It was not started again, so that nothing runs twice. Look at the machine actions of the device, and run this again if there is none.`,
	});
}
