import type { INodeProperties } from 'n8n-workflow';

import * as get from './get.operation';
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
				name: 'Get',
				value: 'get',
				action: 'Get machine action',
				description: 'Get the status of a machine action and its commands',
			},
			{
				name: 'Wait',
				value: 'wait',
				action: 'Wait for machine action',
				description: 'Wait until a machine action has ended',
			},
		],
	},
	...get.description,
	...wait.description,
];
