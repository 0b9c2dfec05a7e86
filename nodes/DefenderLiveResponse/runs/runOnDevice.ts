/** One item's live response from its parameters to its result items; the operations only differ in their commands. */
import { NodeOperationError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';

import { buildCommands, type CommandSpec } from '../domain/commands';
import { isFinished, type MachineAction } from '../domain/machineAction';
import { watchOf } from '../api/actionWatch';
import type { Connection } from '../transport/connection';
import { cancelIfPossible } from '../api/liveResponses';
import { getMachineAction } from '../api/machineActions';
import { resolveMachineId } from '../api/machines';
import { option, textParameter, type ItemContext } from '../actions/operation';
import { maxBytesOf, transcriptOptionsOf } from '../inputs/resultParameters';
import { allCommandItems } from '../results/resultItems';
import { waitTiming } from './waitTiming';
import { markerFor } from './runMarker';
import type { StartedRun, WhenBusy } from './earlierRuns';
import { startOnce } from './startOnce';

/** Defender fetches files of up to 3 GB from a device. */
const DEFAULT_MAX_FILE_MB = 3072;

export async function runOnDevice(
	context: ItemContext,
	specs: CommandSpec[],
): Promise<INodeExecutionData[]> {
	const built = buildCommands(specs);
	if (built.kind === 'invalid') {
		throw new NodeOperationError(context.functions.getNode(), built.message, {
			itemIndex: context.itemIndex,
			description: built.description,
		});
	}
	const connection = await context.connection();
	const machineId = await machineIdOf(context, connection);
	const commands = built.commands;
	const idempotencyKey = option(context, 'idempotencyKey', '').trim();
	const run = await startOnce(context, connection, {
		machineId,
		commands,
		comment: textParameter(context, 'comment'),
		marker: markerFor(context, { machineId, commands, idempotencyKey }),
		whenBusy: whenBusyOf(context),
		timing: waitTiming(context, connection),
	});

	const waits =
		context.functions.getNodeParameter('waitForCompletion', context.itemIndex, true) === true;
	if (!waits) return [unfinishedItem(run)];
	return await completed(context, connection, run);
}

async function completed(
	context: ItemContext,
	connection: Connection,
	run: StartedRun,
): Promise<INodeExecutionData[]> {
	const outcome = await watchOf(connection).until(run.action, waitTiming(context, connection));
	const seen = { ...run, action: outcome.action };
	switch (outcome.kind) {
		case 'finished': {
			const items = await resultItems(context, connection, seen);
			assertExitCodes(context, items);
			return items;
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

async function machineIdOf(context: ItemContext, connection: Connection): Promise<string> {
	const locator = context.functions.getNodeParameter('machineId', context.itemIndex) as
		{ mode?: string; value?: unknown } | string;
	const isLocator = typeof locator === 'object' && locator !== null;
	const value = String((isLocator ? locator.value : locator) ?? '').trim();
	return await resolveMachineId(connection, value, isLocator ? (locator.mode ?? 'id') : 'id');
}

function whenBusyOf(context: ItemContext): WhenBusy {
	const value: string = option<string>(context, 'whenBusy', 'fail');
	switch (value) {
		case 'wait':
		case 'attach':
			return value;
		default:
			return 'fail';
	}
}

async function resultItems(
	context: ItemContext,
	connection: Connection,
	run: StartedRun,
): Promise<INodeExecutionData[]> {
	const items = await allCommandItems(context, connection, run.action, {
		...transcriptOptionsOf(context),
		binaryPropertyName: textParameter(context, 'binaryPropertyName') || 'data',
		fileName: option(context, 'fileName', ''),
		decompress: option(context, 'decompress', true),
		maxBytes: maxBytesOf(context, DEFAULT_MAX_FILE_MB),
	});
	return items.map((item) => ({ ...item, json: { ...item.json, ...attachedField(run) } }));
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
	context: ItemContext,
	connection: Connection,
	run: StartedRun,
): Promise<INodeExecutionData> {
	const comment = `Cancelled by n8n: not finished in time (execution ${context.functions.getExecutionId()})`;
	const outcome = await cancelIfPossible(connection, run.action.id, comment);
	const action = await getMachineAction(connection, run.action.id);
	return unfinishedItem({ ...run, action }, { cancelRequested: outcome.kind === 'accepted' });
}

function assertExitCodes(context: ItemContext, items: INodeExecutionData[]): void {
	if (!option(context, 'failOnNonZeroExit', false)) return;
	for (const { json } of items) {
		if (json.commandType !== 'RunScript') continue;
		const id = `Machine action ${String(json.machineActionId)}, command ${String(json.commandIndex)}`;
		if (typeof json.exit_code === 'number' && json.exit_code !== 0) {
			throw new NodeOperationError(
				context.functions.getNode(),
				`The script ended with exit code ${json.exit_code}`,
				{
					itemIndex: context.itemIndex,
					description: `${id}: its output and standard error can be read with the operation 'Parse Transcript'.`,
				},
			);
		}
		if (json.commandStatus !== 'Completed') {
			throw new NodeOperationError(
				context.functions.getNode(),
				'The script did not run to its end',
				{
					itemIndex: context.itemIndex,
					description: `${id} is ${String(json.commandStatus)}. ${String(json.reason ?? '')}`,
				},
			);
		}
	}
}
