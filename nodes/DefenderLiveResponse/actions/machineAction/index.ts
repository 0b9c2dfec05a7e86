import type { INodeProperties } from 'n8n-workflow';

import * as cancel from './cancel.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as wait from './wait.operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['machineAction'] } },
		default: 'get',
		options: [
			{
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel machine action',
				description: 'Cancel a machine action that the device has not taken up yet',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get machine action',
				description: 'Get the status of a machine action and its commands',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many machine actions',
				description: 'List machine actions by status, device, requestor and time',
			},
			{
				name: 'Wait',
				value: 'wait',
				action: 'Wait for machine action',
				description: 'Wait until a machine action has ended',
			},
		],
	},
	...cancel.description,
	...get.description,
	...getAll.description,
	...wait.description,
];
