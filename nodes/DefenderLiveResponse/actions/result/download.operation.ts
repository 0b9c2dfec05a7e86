import { updateDisplayOptions } from 'n8n-workflow';

import { outputBinaryField } from '../../descriptions/binaryOutput';
import { commandIndex, machineActionLocator } from '../../descriptions/machineAction';
import {
	decompressOption,
	fileNameOption,
	includeActionOption,
	maxFileSizeOption,
	optionsCollection,
} from '../../descriptions/options';
import { getMachineAction } from '../../api/machineActions';
import { assertMachineActionId } from '../../results/commandResult';
import { option, type ItemContext, type Operation } from '../operation';
import { fileItem } from '../../results/resultItems';
import { binaryFieldOf, commandIndexOf, machineActionIdOf, maxBytesOf } from '../../inputs/resultParameters';

/** Defender fetches files of up to 3 GB from a device. */
const DEFAULT_MAX_FILE_MB = 3072;

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['result'], operation: ['download'] } },
	[
		machineActionLocator,
		commandIndex,
		outputBinaryField,
		optionsCollection([
			decompressOption,
			fileNameOption,
			includeActionOption,
			maxFileSizeOption(DEFAULT_MAX_FILE_MB),
		]),
	],
);

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export async function execute(context: ItemContext) {
	const connection = await context.connection();
	const machineActionId = assertMachineActionId(connection, machineActionIdOf(context));
	const index = commandIndexOf(context);
	const action = option(context, 'includeAction', false)
		? await getMachineAction(connection, machineActionId)
		: undefined;
	const command = { machineActionId, commandIndex: index, action };
	return [
		await fileItem(context, connection, command, {
			binaryPropertyName: binaryFieldOf(context),
			fileName: option(context, 'fileName', ''),
			decompress: option(context, 'decompress', true),
			maxBytes: maxBytesOf(context, DEFAULT_MAX_FILE_MB),
		}),
	];
}
