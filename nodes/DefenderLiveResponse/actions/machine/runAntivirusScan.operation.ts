import type { INodeProperties } from 'n8n-workflow';

import { deviceActionFields } from '../../descriptions/deviceAction';
import { choiceOf } from '../../inputs/choice';
import { isOfScope, runDeviceAction } from '../../runs/runDeviceAction';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

const scanType: INodeProperties = {
	displayName: 'Scan Type',
	name: 'scanType',
	type: 'options',
	default: 'Quick',
	options: [
		{ name: 'Full', value: 'Full', description: 'All files on all fixed and network drives' },
		{ name: 'Quick', value: 'Quick', description: 'The places where malware is usually found' },
	],
};

const SCAN_TYPES = ['Full', 'Quick'] as const;

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
	const wanted = choiceOf(context, scanType, SCAN_TYPES);
	return await runDeviceAction(context, {
		type: 'RunAntiVirusScan',
		name: 'runAntiVirusScan',
		body: { ScanType: wanted },
		permission: 'Machine.Scan',
		isSame: isOfScope(wanted),
	});
}
