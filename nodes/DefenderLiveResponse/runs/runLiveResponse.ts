/** A live response on one device: its commands, and the results they leave. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { failOnNonZeroExitOption } from '../descriptions/liveResponse';
import { decompressOption, fileNameOption } from '../descriptions/options';
import { startLiveResponse } from '../api/liveResponses';
import { scriptInLibrary } from '../api/scriptLibrary';
import { buildCommands, type Command, type CommandSpec } from '../domain/commands';
import type { RefusalFacts } from '../domain/refusalCode';
import type { Script } from '../domain/script';
import { LARGEST_FETCHED_FILE_MB } from '../domain/fileSize';
import type { ItemInputs } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import { outputFieldOf } from '../inputs/binaryField';
import { booleanOf } from '../inputs/boolean';
import { inOptions } from '../inputs/field';
import { textOf } from '../inputs/text';
import { maxBytesOf, transcriptOptionsOf } from '../inputs/resultParameters';
import { allCommandItems, type ResultOptions } from '../results/resultItems';
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
	const failsOnExitCode = booleanOf(context, inOptions(failOnNonZeroExitOption));
	return await runOnDevice(context, {
		type: 'LiveResponse',
		request: commands,
		prepare: async (connection) => {
			await Promise.all(scripts.map(async (script) => await scriptInLibrary(connection, script)));
		},
		start: async (connection, machineId, comment) =>
			await startLiveResponse(connection, machineId, { commands, comment }),
		results: async (connection, action) => {
			const items = await allCommandItems(context, connection, action, options);
			if (failsOnExitCode) assertExitCodes(context, items);
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

function assertExitCodes(context: ItemInputs, items: INodeExecutionData[]): void {
	for (const { json } of items) {
		if (json.commandType !== 'RunScript') continue;
		const id = `Machine action ${String(json.machineActionId)}, command ${String(json.commandIndex)}`;
		if (typeof json.exit_code === 'number' && json.exit_code !== 0) {
			const text = {
				message: `The script ended with exit code ${json.exit_code}`,
				itemIndex: context.itemIndex,
				description: `${id}: its output and standard error can be read with the operation 'Parse Transcript'.`,
			};
			throw nodeError(context.functions.getNode(), 'nonZeroExit', text, scriptFacts(json));
		}
		const didEnd = json.commandStatus === 'Completed';
		if (didEnd && typeof json.exit_code === 'number') continue;
		const text = {
			message: didEnd
				? 'The exit code of the script is not known'
				: 'The script did not run to its end',
			itemIndex: context.itemIndex,
			description: didEnd
				? `${id}: ${String(json.reason ?? 'its transcript does not say it, or was not written to its end.')}`
				: `${id} is ${String(json.commandStatus)}. ${String(json.reason ?? '')}`,
		};
		throw nodeError(context.functions.getNode(), 'exitCodeUnknown', text, scriptFacts(json));
	}
}

/** What a script said, so that nobody has to ask for it again. */
function scriptFacts({ machineActionId, exit_code, output, error }: IDataObject): RefusalFacts {
	return { machineActionId, exit_code, output, error } as RefusalFacts;
}
