import { choiceField } from '../../descriptions/choice';
import { deviceActionFields } from '../../descriptions/deviceAction';
import { choiceOf } from '../../inputs/choice';
import { isOfScope, runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

const isolationType = choiceField({
	displayName: 'Isolation Type',
	name: 'isolationType',
	type: 'options',
	default: 'Full',
	options: [
		{
			name: 'Full',
			value: 'Full',
			description: 'Only the connection to Defender remains',
		},
		{
			name: 'Selective',
			value: 'Selective',
			description: 'Outlook, Teams and Skype for Business keep working',
		},
	],
});

export const entry: Operation['entry'] = {
	name: 'Isolate',
	action: 'Isolate device',
	description: 'Disconnect a device from the network, except for Defender',
};

export const fields: Operation['fields'] = deviceActionFields([isolationType]);

export const itemsAtOnce = 'all';

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/isolate-machine */
export async function execute(context: ItemContext) {
	const wanted = choiceOf(context, isolationType);
	return await runDeviceAction(context, {
		type: 'Isolate',
		name: 'isolate',
		body: { IsolationType: wanted },
		permission: 'Machine.Isolate',
		isSame: isOfScope(wanted),
	});
}
