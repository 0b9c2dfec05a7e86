import {
	comment,
	fileLocator,
	putFileOptions,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { valueLocatedBy } from '../../inputs/locator';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { runLiveResponse } from '../../runs/runLiveResponse';

export const entry: Operation['entry'] = {
	name: 'Put File',
	action: 'Put library file on device',
	description: 'Copy a file of the live response library to a device',
};

export const fields: Operation['fields'] = [
	machineLocator,
	fileLocator,
	comment,
	waitForCompletion,
	putFileOptions,
];

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	return await runLiveResponse(context, [
		{ type: 'PutFile', fileName: valueLocatedBy(context, fileLocator) },
	]);
}
