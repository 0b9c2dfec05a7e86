import { updateDisplayOptions } from 'n8n-workflow';

import {
	comment,
	fileLocator,
	putFileOptions,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { locatorParameter, type ItemContext, type Operation } from '../operation';
import { runOnDevice } from '../../runs/runOnDevice';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['liveResponse'], operation: ['putFile'] } },
	[machineLocator, fileLocator, comment, waitForCompletion, putFileOptions],
);

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	return await runOnDevice(context, [
		{ type: 'PutFile', fileName: locatorParameter(context, 'libraryFileName') },
	]);
}
