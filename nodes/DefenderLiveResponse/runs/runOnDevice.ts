/** One item's machine action from its parameters to its items; the kinds only differ in what they ask. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { watchOf } from '../api/actionWatch';
import { cancelIfPossible, getMachineAction } from '../api/machineActions';
import { machineIdOf } from '../api/machines';
import { isFinished, type MachineAction } from '../domain/machineAction';
import {
	cancelOnTimeoutOption,
	comment,
	idempotencyKeyOption,
	waitForCompletion,
	whenBusyOption,
} from '../descriptions/liveResponse';
import { machineParameter } from '../inputs/machineParameter';
import type { ItemInputs } from '../inputs/nodeContext';
import { booleanOf } from '../inputs/boolean';
import { choiceOf } from '../inputs/choice';
import { inOptions } from '../inputs/field';
import { patienceOf } from '../inputs/patience';
import { textOf } from '../inputs/text';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';
import type { StartedRun } from './runRegistry';
import { canceledError } from './startErrors';
import { isAnothers, startedOtherwise, startOnce } from './startOnce';
import { BUSY_CHOICES, wantedRun, type ActionKind, type WantedRun } from './wantedRun';

/** A kind of machine action, and the items of one that has ended. */
export interface DeviceAction extends ActionKind {
	results(connection: Connection, action: MachineAction): Promise<INodeExecutionData[]>;
}

export async function runOnDevice(
	context: ItemContext,
	kind: DeviceAction,
): Promise<INodeExecutionData[]> {
	const { machine, waits, cancelOnTimeout, ...wanted } = runParametersOf(context);
	const connection = await context.connection();
	const machineId = await machineIdOf(connection, machine);
	const run = await wantedRun(context, connection, { ...wanted, kind, machineId });
	const started = await startOnce(run);
	if (waits) return await completed(run, kind, started, cancelOnTimeout);
	if (started.comment === null) return [unfinishedItem(started)];
	// An action that the API does not show yet is as the answer to its start says.
	const action = await getMachineAction(connection, started.action.id).catch(() => started.action);
	if (!isAnothers(started, action)) return [unfinishedItem({ ...started, action })];
	return [unfinishedItem(await startedOtherwise(run, action))];
}

/** All of them before any call: what cannot be meant must not be found out after a script has run. */
function runParametersOf(context: ItemInputs) {
	return {
		machine: machineParameter(context),
		comment: textOf(context, comment),
		waits: booleanOf(context, waitForCompletion),
		idempotencyKey: textOf(context, inOptions(idempotencyKeyOption)),
		whenBusy: choiceOf(context, inOptions(whenBusyOption), BUSY_CHOICES),
		cancelOnTimeout: booleanOf(context, inOptions(cancelOnTimeoutOption)),
		patience: patienceOf(context),
	};
}

async function completed(
	run: WantedRun,
	kind: DeviceAction,
	started: StartedRun,
	cancelOnTimeout: boolean,
): Promise<INodeExecutionData[]> {
	const { context, connection } = run;
	const outcome = await watchOf(connection).until(started.action, {
		...run.patience,
		isMeant: (reading) => !isAnothers(started, reading),
	});
	const { action } = outcome;
	switch (outcome.kind) {
		case 'foreign':
			return await completed(run, kind, await startedOtherwise(run, action), cancelOnTimeout);
		case 'finished': {
			const items = await kind.results(connection, action);
			return items.map((item) => ({ ...item, json: { ...item.json, ...attachedField(started) } }));
		}
		case 'deadline':
			if (cancelOnTimeout) return [await cancelledItem(run, { ...started, action })];
			return [unfinishedItem({ ...started, action })];
		case 'stopped':
			throw canceledError(context, action);
	}
}

const attachedField = (run: StartedRun): IDataObject => (run.attached ? { attached: true } : {});

/** Not finished is a result too: the id is what the workflow goes on with later. */
function unfinishedItem(run: StartedRun, more: IDataObject = {}): INodeExecutionData {
	const { id: machineActionId, machineId, computerDnsName, status } = run.action;
	const fields = { machineActionId, machineId, computerDnsName, status };
	return { json: { ...fields, finished: isFinished(run.action), ...attachedField(run), ...more } };
}

async function cancelledItem(
	{ context, connection }: WantedRun,
	started: StartedRun,
): Promise<INodeExecutionData> {
	const comment = `Cancelled by n8n: not finished in time (execution ${context.functions.getExecutionId()})`;
	const outcome = await cancelIfPossible(connection, started.action.id, comment);
	const action = await getMachineAction(connection, started.action.id);
	return unfinishedItem({ ...started, action }, { cancelRequested: outcome.kind === 'accepted' });
}
