import { updateDisplayOptions } from 'n8n-workflow';

import {
	comment,
	filePath,
	getFileOptions,
	outputFileField,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { textParameter, type ItemContext, type Operation } from '../operation';
import { runOnDevice } from '../../runs/runOnDevice';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['liveResponse'], operation: ['getFile'] } },
	[machineLocator, filePath, comment, waitForCompletion, outputFileField, getFileOptions],
);

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	return await runOnDevice(context, [
		{ type: 'GetFile', path: textParameter(context, 'filePath') },
	]);
}
