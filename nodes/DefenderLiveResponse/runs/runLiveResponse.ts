/** A live response on one device: its commands, and the results they leave. */
import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';

import { startLiveResponse } from '../api/liveResponses';
import { buildCommands, type Command, type CommandSpec } from '../domain/commands';
import { LARGEST_FETCHED_FILE_MB } from '../domain/fileSize';
import type { MachineAction } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import { option } from '../inputs/parameters';
import { binaryFieldOf, maxBytesOf, transcriptOptionsOf } from '../inputs/resultParameters';
import { allCommandItems } from '../results/resultItems';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';
import { runOnDevice } from './runOnDevice';

export async function runLiveResponse(
	context: ItemContext,
	specs: CommandSpec[],
): Promise<INodeExecutionData[]> {
	const commands = commandsOf(context, specs);
	return await runOnDevice(context, {
		type: 'LiveResponse',
		request: commands,
		start: async (connection, machineId, comment) =>
			await startLiveResponse(connection, machineId, { commands, comment }),
		results: async (connection, action) => {
			const items = await resultItems(context, connection, action);
			assertExitCodes(context, items);
			return items;
		},
	});
}

function commandsOf(context: ItemInputs, specs: CommandSpec[]): Command[] {
	const built = buildCommands(specs);
	switch (built.kind) {
		case 'commands':
			return built.commands;
		case 'invalid':
			throw new NodeOperationError(context.functions.getNode(), built.message, {
				itemIndex: context.itemIndex,
				description: built.description,
			});
	}
}

async function resultItems(
	context: ItemInputs,
	connection: Connection,
	action: MachineAction,
): Promise<INodeExecutionData[]> {
	return await allCommandItems(context, connection, action, {
		...transcriptOptionsOf(context),
		binaryPropertyName: binaryFieldOf(context),
		fileName: option(context, 'fileName', ''),
		decompress: option(context, 'decompress', true),
		maxBytes: maxBytesOf(context, LARGEST_FETCHED_FILE_MB),
	});
}

function assertExitCodes(context: ItemInputs, items: INodeExecutionData[]): void {
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
