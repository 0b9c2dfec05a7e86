import { comment, runScriptOptions, waitForCompletion } from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { scriptFields } from '../../descriptions/script';
import { scriptArgumentsOf } from '../../inputs/script';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { runLiveResponse } from '../../runs/runLiveResponse';
import { scriptToRun } from './scriptToRun';

export const entry: Operation['entry'] = {
	name: 'Run Script',
	action: 'Run script on device',
	description: 'Run a script on a device and get its output',
};

export const fields: Operation['fields'] = [
	machineLocator,
	...scriptFields,
	comment,
	waitForCompletion,
	runScriptOptions,
];

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	const script = scriptToRun(context);
	const { fileName: scriptName } = script;
	const args = scriptArgumentsOf(context);
	return await runLiveResponse(context, [{ type: 'RunScript', scriptName, args }], [script]);
}
