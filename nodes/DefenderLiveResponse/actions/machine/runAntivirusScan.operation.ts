import { choiceField } from '../../descriptions/choice';
import { deviceActionFields } from '../../descriptions/deviceAction';
import { choiceOf } from '../../inputs/choice';
import { isOfScope, runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

const scanType = choiceField({
	displayName: 'Scan Type',
	name: 'scanType',
	type: 'options',
	default: 'Quick',
	options: [
		{ name: 'Full', value: 'Full', description: 'All files on all fixed and network drives' },
		{ name: 'Quick', value: 'Quick', description: 'The places where malware is usually found' },
	],
});

export const entry: Operation['entry'] = {
	name: 'Run Antivirus Scan',
	action: 'Run antivirus scan on device',
	description: 'Scan a device with Microsoft Defender Antivirus',
};

export const fields: Operation['fields'] = deviceActionFields([scanType]);

export const itemsAtOnce = 'all';

export const isKeptFromAgents = true;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-av-scan */
export async function execute(context: ItemContext) {
	const wanted = choiceOf(context, scanType);
	return await runDeviceAction(context, {
		type: 'RunAntiVirusScan',
		name: 'runAntiVirusScan',
		body: { ScanType: wanted },
		permission: 'Machine.Scan',
		isSame: isOfScope(wanted),
	});
}
