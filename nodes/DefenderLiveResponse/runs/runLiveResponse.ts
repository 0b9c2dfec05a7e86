/** A live response on one device: its commands, and the results they leave. */
import type { INodeExecutionData } from 'n8n-workflow';

import { failOnNonZeroExitOption, waitForCompletion } from '../descriptions/liveResponse';
import { decompressOption, fileNameOption } from '../descriptions/options';
import { startLiveResponse } from '../api/liveResponses';
import { scriptInLibrary } from '../api/scriptLibrary';
import { buildCommands, type Command, type CommandSpec } from '../domain/commands';
import type { Script } from '../domain/script';
import { LARGEST_FETCHED_FILE_MB } from '../domain/fileSize';
import { isFinished } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import { outputFieldOf } from '../inputs/binaryField';
import { booleanOf } from '../inputs/boolean';
import { inOptions } from '../inputs/field';
import { textOf } from '../inputs/text';
import { patienceOf } from '../inputs/patience';
import { maxBytesOf, transcriptOptionsOf } from '../inputs/resultParameters';
import { assertExitCodes } from '../results/exitCodes';
import type { ResultOptions } from '../results/resultItems';
import { allCommandItems } from '../results/commandItems';
import type { ItemContext } from '../transport/itemContext';
import { runOnDevice } from './runOnDevice';

/** @param scripts that the commands run */
export async function runLiveResponse(
	context: ItemContext,
	specs: CommandSpec[],
	scripts: Script[] = [],
): Promise<INodeExecutionData[]> {
	const commands = commandsOf(context, specs);
	const options = resultOptionsOf(context);
	const { maxWaitMs: maxSessionWaitMs } = patienceOf(context);
	const failsOnExitCode = booleanOf(context, inOptions(failOnNonZeroExitOption));
	return await runOnDevice(context, {
		type: 'LiveResponse',
		request: commands,
		permission: 'Machine.LiveResponse',
		waits: booleanOf(context, waitForCompletion),
		prepare: async (connection) => {
			await Promise.all(scripts.map(async (script) => await scriptInLibrary(connection, script)));
		},
		start: async (connection, machineId, comment) =>
			await startLiveResponse(connection, machineId, { commands, comment, maxSessionWaitMs }),
		results: async (connection, action) => {
			const items = await allCommandItems(context, connection, action, options);
			if (failsOnExitCode) assertExitCodes(context, items);
			return items;
		},
		unfinished: (action) => ({
			machineActionId: action.id,
			machineId: action.machineId,
			computerDnsName: action.computerDnsName,
			status: action.status,
			finished: isFinished(action),
		}),
	});
}

function commandsOf(context: ItemInputs, specs: CommandSpec[]): Command[] {
	const built = buildCommands(specs);
	switch (built.kind) {
		case 'commands':
			return built.commands;
		case 'invalid':
			throw nodeError(context.functions.getNode(), 'invalidInput', {
				message: built.message,
				itemIndex: context.itemIndex,
				description: built.description,
			});
	}
}

function resultOptionsOf(context: ItemInputs): ResultOptions {
	return {
		...transcriptOptionsOf(context),
		binaryPropertyName: outputFieldOf(context),
		fileName: textOf(context, inOptions(fileNameOption)),
		decompress: booleanOf(context, inOptions(decompressOption)),
		maxBytes: maxBytesOf(context, LARGEST_FETCHED_FILE_MB),
	};
}
