/** The filters of Get Many machine actions. */
import type { INodeProperties } from 'n8n-workflow';

import { valuesFilter } from './filters';
import { machineLocator } from './machine';

export const STATUSES = [
	'Cancelled',
	'Failed',
	'InProgress',
	'Pending',
	'Succeeded',
	'TimeOut',
] as const;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/machineaction */
export const ACTION_TYPES = [
	'CollectInvestigationPackage',
	'Isolate',
	'LiveResponse',
	'LogsCollection',
	'Offboard',
	'RequestSample',
	'RestrictCodeExecution',
	'RunAntiVirusScan',
	'StopAndQuarantineFile',
	'Troubleshoot',
	'Unisolate',
	'UnrestrictCodeExecution',
] as const;

export type ActionType = (typeof ACTION_TYPES)[number];

export const machineActionFilters: INodeProperties[] = [
	{
		displayName: 'Created After',
		name: 'createdAfter',
		type: 'dateTime',
		default: '',
		description: 'Only machine actions created at this time or later',
	},
	{
		displayName: 'Created Before',
		name: 'createdBefore',
		type: 'dateTime',
		default: '',
		description: 'Only machine actions created at this time or earlier',
	},
	{ ...machineLocator, required: false, description: 'The device the machine action is for' },
	{
		displayName: 'Requestor',
		name: 'requestor',
		type: 'string',
		default: '',
		placeholder: 'e.g. analyst@contoso.com',
		description:
			'Who started it: the sign-in name of a person, the name of an app registration, or its client ID',
	},
	valuesFilter(
		{ displayName: 'Status', name: 'status', description: 'The status of the machine action' },
		STATUSES,
	),
	valuesFilter(
		{ displayName: 'Type', name: 'type', description: 'The type of machine action' },
		ACTION_TYPES,
		['LiveResponse'],
	),
];
