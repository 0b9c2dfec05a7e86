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
import { nodeError } from '../inputs/nodeErrors';
import { booleanOf } from '../inputs/boolean';
import { choiceOf } from '../inputs/choice';
import { inOptions } from '../inputs/field';
import { patienceOf } from '../inputs/patience';
import { textOf } from '../inputs/text';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';
import { markedComment } from '../domain/marker';
import { markerFor } from './runMarker';
import type { StartedRun } from './runRegistry';
import { isAnothers, startedOtherwise, startOnce } from './startOnce';
import { waitTiming } from './waitTiming';
import { BUSY_CHOICES, type ActionKind, type RunRequest } from './wantedRun';

/** A kind of machine action, and the items of one that has ended. */
export interface DeviceAction extends ActionKind {
	/** What has to be there before it is started. */
	prepare?(connection: Connection): Promise<void>;
	results(connection: Connection, action: MachineAction): Promise<INodeExecutionData[]>;
}

export async function runOnDevice(
	context: ItemContext,
	kind: DeviceAction,
): Promise<INodeExecutionData[]> {
	const wanted = runParametersOf(context);
	const connection = await context.connection();
	const machineId = await machineIdOf(connection, wanted.machine);
	await kind.prepare?.(connection);
	const { idempotencyKey } = wanted;
	const run = { machineId, request: kind.request, idempotencyKey };
	const marker = await markerFor(context, run);
	const request: RunRequest = {
		kind,
		machineId,
		comment: markedComment(wanted.comment, marker),
		marker,
		whenBusy: wanted.whenBusy,
		patience: wanted.patience,
	};
	const started = await startOnce(context, connection, request);
	if (wanted.waits) {
		return await completed({ context, connection, kind, request }, started, wanted);
	}
	const seen = { ...started, action: await firstReading(connection, started) };
	if (!isAnothers(started, seen.action)) return [unfinishedItem(seen)];
	return [unfinishedItem(await startedOtherwise(context, connection, request, seen))];
}

/** An action that the API does not show yet is as the answer to its start says. */
async function firstReading(connection: Connection, { action, comment }: StartedRun) {
	if (comment === null) return action;
	return await getMachineAction(connection, action.id).catch(() => action);
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

interface Asked {
	context: ItemInputs;
	connection: Connection;
	kind: DeviceAction;
	request: RunRequest;
}

async function completed(
	asked: Asked,
	run: StartedRun,
	wanted: ReturnType<typeof runParametersOf>,
): Promise<INodeExecutionData[]> {
	const { context, connection, kind, request } = asked;
	const { patience, cancelOnTimeout } = wanted;
	const outcome = await watchOf(connection).until(run.action, {
		...waitTiming(patience, connection),
		isMeant: (reading) => !isAnothers(run, reading),
	});
	const seen = { ...run, action: outcome.action };
	switch (outcome.kind) {
		case 'foreign': {
			const other = await startedOtherwise(context, connection, request, seen);
			return await completed(asked, other, wanted);
		}
		case 'finished': {
			const items = await kind.results(connection, outcome.action);
			return items.map((item) => ({ ...item, json: { ...item.json, ...attachedField(run) } }));
		}
		case 'deadline':
			return cancelOnTimeout
				? [await cancelledItem(context, connection, seen)]
				: [unfinishedItem(seen)];
		case 'stopped':
			throw nodeError(
				context.functions.getNode(),
				'canceled',
				{
					message: 'The execution was canceled',
					itemIndex: context.itemIndex,
					description: `Machine action ${outcome.action.id} goes on: read its result later, or cancel it.`,
				},
				{ machineActionId: outcome.action.id },
			);
	}
}

const attachedField = (run: StartedRun): IDataObject => (run.attached ? { attached: true } : {});

/** Not finished is a result too: the id is what the workflow goes on with later. */
function unfinishedItem(run: StartedRun, more: IDataObject = {}): INodeExecutionData {
	return { json: { ...actionFields(run.action), ...attachedField(run), ...more } };
}

function actionFields(action: MachineAction): IDataObject {
	return {
		machineActionId: action.id,
		machineId: action.machineId,
		computerDnsName: action.computerDnsName,
		status: action.status,
		finished: isFinished(action),
	};
}

async function cancelledItem(
	context: ItemInputs,
	connection: Connection,
	run: StartedRun,
): Promise<INodeExecutionData> {
	const comment = `Cancelled by n8n: not finished in time (execution ${context.functions.getExecutionId()})`;
	const outcome = await cancelIfPossible(connection, run.action.id, comment);
	const action = await getMachineAction(connection, run.action.id);
	return unfinishedItem({ ...run, action }, { cancelRequested: outcome.kind === 'accepted' });
}
