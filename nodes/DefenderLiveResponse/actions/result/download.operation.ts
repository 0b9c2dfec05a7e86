import { outputBinaryField } from '../../descriptions/binaryFields';
import { commandIndex, machineActionLocator } from '../../descriptions/machineAction';
import {
	decompressOption,
	fileNameOption,
	includeActionOption,
	maxFileSizeOption,
	optionsCollection,
} from '../../descriptions/options';
import { getMachineAction } from '../../api/machineActions';
import { outputFieldOf } from '../../inputs/binaryField';
import { booleanOf } from '../../inputs/boolean';
import { inOptions } from '../../inputs/field';
import { machineActionParameter } from '../../inputs/machineActionParameter';
import { LARGEST_FETCHED_FILE_MB } from '../../domain/fileSize';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { downloadItem } from '../../results/resultItems';
import { commandIndexOf, maxBytesOf } from '../../inputs/resultParameters';
import { textOf } from '../../inputs/text';

export const entry: Operation['entry'] = {
	name: 'Download',
	action: 'Download result of machine action',
	description: 'Get the result of a command, or an investigation package, as a file',
};

export const fields: Operation['fields'] = [
	machineActionLocator,
	commandIndex,
	outputBinaryField,
	optionsCollection([
		decompressOption,
		fileNameOption,
		includeActionOption,
		maxFileSizeOption(LARGEST_FETCHED_FILE_MB),
	]),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export async function execute(context: ItemContext) {
	const machineActionId = machineActionParameter(context);
	const index = commandIndexOf(context);
	const includesAction = booleanOf(context, inOptions(includeActionOption));
	const options = {
		binaryPropertyName: outputFieldOf(context),
		fileName: textOf(context, inOptions(fileNameOption)),
		decompress: booleanOf(context, inOptions(decompressOption)),
		maxBytes: maxBytesOf(context, LARGEST_FETCHED_FILE_MB),
	};
	const connection = await context.connection();
	const action = includesAction ? await getMachineAction(connection, machineActionId) : undefined;
	const command = { machineActionId, commandIndex: index, action };
	return [await downloadItem(context, connection, command, options)];
}
