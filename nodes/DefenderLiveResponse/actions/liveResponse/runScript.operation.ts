import { updateDisplayOptions } from 'n8n-workflow';

import {
	comment,
	runScriptOptions,
	scriptArguments,
	scriptLocator,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { locatorParameter, textParameter, type ItemContext, type Operation } from '../operation';
import { runOnDevice } from '../../runs/runOnDevice';

export const description: Operation['description'] = updateDisplayOptions(
	{ show: { resource: ['liveResponse'], operation: ['runScript'] } },
	[machineLocator, scriptLocator, scriptArguments, comment, waitForCompletion, runScriptOptions],
);

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	return await runOnDevice(context, [
		{
			type: 'RunScript',
			scriptName: locatorParameter(context, 'scriptName'),
			args: textParameter(context, 'args'),
		},
	]);
}
