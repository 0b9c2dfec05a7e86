/** One item's machine action from its parameters to its items; the kinds only differ in what they ask. */
import { NodeOperationError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';

import { watchOf } from '../api/actionWatch';
import { cancelIfPossible, getMachineAction } from '../api/machineActions';
import { machineIdOf } from '../api/machines';
import { isFinished, type MachineAction } from '../domain/machineAction';
import { machineParameter } from '../inputs/machineParameter';
import type { ItemInputs } from '../inputs/nodeContext';
import { booleanParameter, option, textParameter } from '../inputs/parameters';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';
import type { ActionKind, StartedRun, WhenBusy } from './earlierRuns';
import { markerFor } from './runMarker';
import { startOnce } from './startOnce';
import { waitTiming } from './waitTiming';

/** A kind of machine action, and the items of one that has ended. */
export interface DeviceAction extends ActionKind {
	results(connection: Connection, action: MachineAction): Promise<INodeExecutionData[]>;
}

export async function runOnDevice(
	context: ItemContext,
	kind: DeviceAction,
): Promise<INodeExecutionData[]> {
	const connection = await context.connection();
	const machineId = await machineIdOf(connection, machineParameter(context));
	const idempotencyKey = option(context, 'idempotencyKey', '').trim();
	const run = await startOnce(context, connection, {
		kind,
		machineId,
		comment: textParameter(context, 'comment'),
		marker: markerFor(context, { machineId, request: kind.request, idempotencyKey }),
		whenBusy: whenBusyOf(context),
		timing: waitTiming(context, connection),
	});
	return booleanParameter(context, 'waitForCompletion', true)
		? await completed(context, connection, kind, run)
		: [unfinishedItem(run)];
}

async function completed(
	context: ItemInputs,
	connection: Connection,
	kind: DeviceAction,
	run: StartedRun,
): Promise<INodeExecutionData[]> {
	const outcome = await watchOf(connection).until(run.action, waitTiming(context, connection));
	const seen = { ...run, action: outcome.action };
	switch (outcome.kind) {
		case 'finished': {
			const items = await kind.results(connection, outcome.action);
			return items.map((item) => ({ ...item, json: { ...item.json, ...attachedField(run) } }));
		}
		case 'deadline':
			return option(context, 'cancelOnTimeout', false)
				? [await cancelledItem(context, connection, seen)]
				: [unfinishedItem(seen)];
		case 'stopped':
			throw new NodeOperationError(context.functions.getNode(), 'The execution was canceled', {
				itemIndex: context.itemIndex,
				description: `Machine action ${outcome.action.id} goes on: read its result later, or cancel it.`,
			});
	}
}

function whenBusyOf(context: ItemInputs): WhenBusy {
	const value: string = option<string>(context, 'whenBusy', 'fail');
	switch (value) {
		case 'wait':
		case 'attach':
			return value;
		default:
			return 'fail';
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
