/** Fields of campaigns. */
import type { INodeProperties } from 'n8n-workflow';

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
		'Names the campaign: a device that has answered under a key is never asked again under it, whichever workflow asks. Another question needs another key.',
};

export const startsAt: INodeProperties = {
	displayName: 'Starts At',
	name: 'startsAt',
	type: 'dateTime',
	default: '',
	required: true,
	description:
		'When the campaign begins, as a fixed time. What was done is found among the live responses since then, at most 60 days back; an expression that moves with the clock, such as $now, would forget it.',
};

export const devicesFrom: INodeProperties = {
	displayName: 'Devices From',
	name: 'devicesFrom',
	type: 'options',
	noDataExpression: true,
	default: 'filters',
	description: 'Which devices the campaign is about. Only onboarded ones are taken.',
	options: [
		{
			name: 'Filters',
			value: 'filters',
			description: 'All devices that fit the filters, also those that come to fit them later',
		},
		{
			name: 'Items',
			value: 'items',
			description: 'The devices of all input items together, with arguments of their own',
		},
	],
};

export const campaignMachine: INodeProperties = {
	...machineLocator,
	description: 'The device of an input item',
	displayOptions: { show: { devicesFrom: ['items'] } },
};

export const campaignFilters: INodeProperties = {
	...filtersCollection(machineFilters),
	description: 'At least one is needed',
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
	description: "When to stop asking devices; seven days after 'Starts At' when it is not set",
};

export const giveUpPendingOption: INodeProperties = {
	displayName: 'Give Up Pending (Minutes)',
	name: 'giveUpPendingMinutes',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	description:
		'After how long to cancel what a device has not taken up, so that others have its place. The device comes again later.',
};

export const maxAttemptsOption: INodeProperties = {
	displayName: 'Max Attempts',
	name: 'maxAttempts',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 3,
	description:
		'How often to start on a device whose live responses fail before the script has begun. A script that has begun is never started again.',
};

export const maxUnfinishedOption: INodeProperties = {
	displayName: 'Max Unfinished',
	name: 'maxUnfinished',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 20,
	description:
		'How many live responses of the campaign may be unfinished at once. Those that no device has taken up are at most half of them.',
};

export const seenWithinOption: INodeProperties = {
	displayName: 'Seen Within (Hours)',
	name: 'seenWithinHours',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 48,
	description:
		'A device whose last report is older counts as offline. Devices report about once in 24 hours, whether they are online now or not.',
};
