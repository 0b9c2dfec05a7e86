import {
	comment,
	filePath,
	getFileOptions,
	outputFileField,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { textOf } from '../../inputs/text';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { runLiveResponse } from '../../runs/runLiveResponse';

export const entry: Operation['entry'] = {
	name: 'Get File',
	action: 'Get file from device',
	description: 'Fetch a file from a device',
};

export const fields: Operation['fields'] = [
	machineLocator,
	filePath,
	outputFileField,
	comment,
	waitForCompletion,
	getFileOptions,
];

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	return await runLiveResponse(context, [{ type: 'GetFile', path: textOf(context, filePath) }]);
}
