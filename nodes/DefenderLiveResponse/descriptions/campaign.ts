/** Fields of campaigns. */
import type { INodeProperties } from 'n8n-workflow';

import { choiceField } from './choice';
import { filtersCollection } from './filters';
import { machineLocator } from './machine';
import { machineFilters } from './machineFilters';

export const campaignKey: INodeProperties = {
	displayName: 'Campaign Key',
	name: 'campaignKey',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. find-evil-dll-2026-01',
	description:
		'The name of the campaign. A device that has answered under a key is never asked again under it, whichever workflow asks. Use another key for another question.',
};

export const startsAt: INodeProperties = {
	displayName: 'Starts At',
	name: 'startsAt',
	type: 'dateTime',
	default: '',
	required: true,
	description:
		'When the campaign begins, as a fixed time at most 60 days ago. The campaign remembers the live responses since then: do not use an expression that moves with the clock, such as $now.',
};

export const devicesFrom = choiceField({
	displayName: 'Devices From',
	name: 'devicesFrom',
	type: 'options',
	noDataExpression: true,
	default: 'filters',
	description: 'Which devices the campaign includes. It leaves out devices that are not onboarded.',
	options: [
		{
			name: 'Filters',
			value: 'filters',
			description: 'All devices that match the filters, including those that match them later',
		},
		{
			name: 'Items',
			value: 'items',
			description: 'The devices of all input items together, each with its own arguments',
		},
	],
});

export const campaignMachine: INodeProperties = {
	...machineLocator,
	description: 'The device of an input item',
	displayOptions: { show: { devicesFrom: ['items'] } },
};

export const campaignFilters: INodeProperties = {
	...filtersCollection(machineFilters),
	description: 'At least one filter is required',
	displayOptions: { show: { devicesFrom: ['filters'] } },
};

export const eachDeviceOption: INodeProperties = {
	displayName: 'Each Device',
	name: 'eachDevice',
	type: 'boolean',
	default: false,
	description:
		"Whether to add one item for each device, as the operation 'Get Status' returns them",
};

export const endedAfterOption: INodeProperties = {
	displayName: 'Ended After',
	name: 'endedAfter',
	type: 'dateTime',
	default: '',
	description: 'Only results of live responses that ended at this time or later',
};

export const expiresAtOption: INodeProperties = {
	displayName: 'Expires At',
	name: 'expiresAt',
	type: 'dateTime',
	default: '',
	description: "When to stop asking devices. Without it, seven days after 'Starts At'.",
};

export const giveUpPendingOption: INodeProperties = {
	displayName: 'Give Up Pending (Minutes)',
	name: 'giveUpPendingMinutes',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	description:
		'How long a live response may be pending before it is cancelled to make room for other devices. The device is tried again later.',
};

export const maxAttemptsOption: INodeProperties = {
	displayName: 'Max Attempts',
	name: 'maxAttempts',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 3,
	description:
		'How many times to try a device whose live responses fail before the script begins. A script that has begun is never started again.',
};

export const maxUnfinishedOption: INodeProperties = {
	displayName: 'Max Unfinished',
	name: 'maxUnfinished',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 20,
	description:
		'How many live responses of the campaign may be unfinished at once. At most half of them may be waiting for their device.',
};

export const seenWithinOption: INodeProperties = {
	displayName: 'Seen Within (Hours)',
	name: 'seenWithinHours',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 48,
	description:
		'A device whose last report is older counts as offline. Devices report about once in 24 hours, whether or not they are online now.',
};
