import { deviceActionFields } from '../../descriptions/deviceAction';
import { runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Restrict App Execution',
	action: 'Restrict app execution on device',
	description: 'Let a device run only apps signed by Microsoft',
};

export const fields: Operation['fields'] = deviceActionFields();

export const itemsAtOnce = 'all';

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/restrict-code-execution */
export async function execute(context: ItemContext) {
	return await runDeviceAction(context, {
		type: 'RestrictCodeExecution',
		name: 'restrictCodeExecution',
		permission: 'Machine.RestrictExecution',
	});
}
