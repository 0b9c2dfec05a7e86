import { deviceActionFields } from '../../descriptions/deviceAction';
import { runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Release',
	action: 'Release device from isolation',
	description: 'Reconnect an isolated device to the network',
};

export const fields: Operation['fields'] = deviceActionFields();

export const itemsAtOnce = 'all';

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/unisolate-machine */
export async function execute(context: ItemContext) {
	return await runDeviceAction(context, {
		type: 'Unisolate',
		name: 'unisolate',
		permission: 'Machine.Isolate',
	});
}
