import {
	comment,
	runScriptOptions,
	scriptArguments,
	scriptLocator,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { valueLocatedBy } from '../../inputs/locator';
import { argumentsOf } from '../../inputs/text';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { runLiveResponse } from '../../runs/runLiveResponse';

export const entry: Operation['entry'] = {
	name: 'Run Script',
	action: 'Run script on device',
	description: 'Run a script of the live response library on a device and get its output',
};

export const fields: Operation['fields'] = [
	machineLocator,
	scriptLocator,
	scriptArguments,
	comment,
	waitForCompletion,
	runScriptOptions,
];

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	return await runLiveResponse(context, [
		{
			type: 'RunScript',
			scriptName: valueLocatedBy(context, scriptLocator),
			args: argumentsOf(context, scriptArguments),
		},
	]);
}
