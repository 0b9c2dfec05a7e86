/** One item's machine action from its parameters to its items; the kinds only differ in what they ask. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { watchOf } from '../api/actionWatch';
import { cancelAndRead, getMachineAction } from '../api/machineActions';
import { machineIdOf } from '../api/machines';
import { isCancelled, type MachineAction } from '../domain/machineAction';
import {
	cancelOnTimeoutOption,
	comment,
	idempotencyKeyOption,
	whenBusyOption,
} from '../descriptions/liveResponse';
import { machineParameter } from '../inputs/machineParameter';
import type { ItemInputs } from '../inputs/nodeContext';
import { booleanOf } from '../inputs/boolean';
import { choiceOf } from '../inputs/choice';
import { inOptions } from '../inputs/field';
import { patienceOf } from '../inputs/patience';
import { textOf } from '../inputs/text';
import { unfetchedReason } from '../results/unfetched';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';
import { nodeCallOf } from './nodeCall';
import type { StartedRun } from './runRegistry';
import { canceledError } from './startErrors';
import { isAnothers, startedOtherwise, startOnce } from './startOnce';
import { wantedRun, type ActionKind, type WantedRun } from './wantedRun';

/** A kind of machine action, and the items of one that has ended. */
export interface DeviceAction extends ActionKind {
	/** Whether to wait for its end. */
	waits: boolean;
	/** What has to be there before it is started. */
	prepare?(connection: Connection): Promise<void>;
	results(connection: Connection, action: MachineAction): Promise<INodeExecutionData[]>;
	/** The fields of one that is not waited for, or not finished in time. */
	unfinished(action: MachineAction): IDataObject;
}

export async function runOnDevice(
	context: ItemContext,
	kind: DeviceAction,
): Promise<INodeExecutionData[]> {
	const { machine, cancelOnTimeout, ...wanted } = runParametersOf(context, kind);
	const connection = await context.connection();
	const machineId = await machineIdOf(connection, machine);
	await kind.prepare?.(connection);
	const run = await wantedRun(context, connection, { ...wanted, kind, machineId });
	const started = await startOnce(run);
	if (kind.waits) return await completed(run, kind, started, cancelOnTimeout);
	if (started.comment === null) return [unfinishedItem(kind, started)];
	// An action that the API does not show yet is as the answer to its start says.
	const action = await getMachineAction(connection, started.action.id).catch(() => started.action);
	if (!isAnothers(started, action)) return [unfinishedItem(kind, { ...started, action })];
	return [unfinishedItem(kind, await startedOtherwise(run, action))];
}

/** All of them before any call: what cannot be meant must not be found out after a script has run. */
function runParametersOf(context: ItemInputs, kind: DeviceAction) {
	return {
		machine: machineParameter(context),
		comment: textOf(context, comment),
		idempotencyKey: keyOfKind(kind, textOf(context, inOptions(idempotencyKeyOption))),
		whenBusy: kind.joins ? 'attach' : choiceOf(context, inOptions(whenBusyOption)),
		cancelOnTimeout: booleanOf(context, inOptions(cancelOnTimeoutOption)),
		patience: patienceOf(context),
	};
}

/** A key names one run of a kind: what an alert asks for can all have the id of the alert. */
const keyOfKind = ({ type, joins }: DeviceAction, key: string): string =>
	key === '' || !joins ? key : `${type} ${key}`;

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
			if (cancelOnTimeout) return [await cancelledItem(run, kind, { ...started, action })];
			return [unfinishedItem(kind, { ...started, action })];
		case 'stopped':
			throw canceledError(context, action);
	}
}

const attachedField = (run: StartedRun): IDataObject => (run.attached ? { attached: true } : {});

/** Not finished is a result too: the id is what the workflow goes on with later. */
function unfinishedItem(
	kind: DeviceAction,
	run: StartedRun,
	more: IDataObject = {},
): INodeExecutionData {
	return { json: { ...kind.unfinished(run.action), ...attachedField(run), ...more } };
}

async function cancelledItem(
	{ context, connection }: WantedRun,
	kind: DeviceAction,
	started: StartedRun,
): Promise<INodeExecutionData> {
	const { id } = started.action;
	const { execution } = nodeCallOf(context.functions);
	const comment = `Cancelled by n8n: not finished in time (execution ${execution})`;
	const asked = cancelAndRead(connection, id, comment, kind.permission);
	// Not finished is a result, also where it cannot be cancelled, or nobody knows whether it was.
	const { action, ...outcome } = await asked.catch(async (error: unknown) => {
		const reason = unfetchedReason(error);
		if (reason === null || connection.signal?.aborted) throw error;
		const read = await getMachineAction(connection, id).catch(() => started.action);
		return isCancelled(read)
			? { action: read, cancelRequested: true }
			: { action: read, cancelRequested: false, reason };
	});
	return unfinishedItem(kind, { ...started, action }, outcome);
}
