import type { INodeProperties } from 'n8n-workflow';

import * as getFile from './getFile.operation';
import * as putFile from './putFile.operation';
import * as runCommands from './runCommands.operation';
import * as runScript from './runScript.operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['liveResponse'] } },
		default: 'runScript',
		options: [
			{
				name: 'Get File',
				value: 'getFile',
				action: 'Get file from device',
				description: 'Fetch a file from a device',
			},
			{
				name: 'Put File',
				value: 'putFile',
				action: 'Put library file on device',
				description: 'Copy a file of the live response library to a device',
			},
			{
				name: 'Run Commands',
				value: 'runCommands',
				action: 'Run live response commands',
				description: 'Copy files, run scripts and fetch files in one session on a device',
			},
			{
				name: 'Run Script',
				value: 'runScript',
				action: 'Run script on device',
				description: 'Run a script of the live response library on a device and get its output',
			},
		],
	},
	...runScript.description,
	...getFile.description,
	...putFile.description,
	...runCommands.description,
];
