import type { INodeProperties } from 'n8n-workflow';

import * as remove from './delete.operation';
import * as getAll from './getAll.operation';
import * as upload from './upload.operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['libraryFile'] } },
		default: 'getAll',
		options: [
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete library file',
				description: 'Remove a file from the live response library',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many library files',
				description: 'List the scripts and files of the live response library',
			},
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload library file',
				description: 'Add a script or another file to the live response library',
			},
		],
	},
	...remove.description,
	...getAll.description,
	...upload.description,
];
