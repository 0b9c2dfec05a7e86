import { deviceActionFields } from '../../descriptions/deviceAction';
import { runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Remove App Restriction',
	action: 'Remove app restriction from device',
	description: 'Let a device run any app again',
};

export const fields: Operation['fields'] = deviceActionFields();

export const itemsAtOnce = 'all';

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/unrestrict-code-execution */
export async function execute(context: ItemContext) {
	return await runDeviceAction(context, {
		type: 'UnrestrictCodeExecution',
		name: 'unrestrictCodeExecution',
		permission: 'Machine.RestrictExecution',
	});
}
