import type { INodeProperties } from 'n8n-workflow';

import * as download from './download.operation';
import * as getLink from './getLink.operation';
import * as parseTranscript from './parseTranscript.operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['result'] } },
		default: 'parseTranscript',
		options: [
			{
				name: 'Download',
				value: 'download',
				action: 'Download live response result',
				description: 'Get the result file of a command as a file',
			},
			{
				name: 'Get Link',
				value: 'getLink',
				action: 'Get live response result link',
				description: 'Get a link to the result file that works for 30 minutes without signing in',
			},
			{
				name: 'Parse Transcript',
				value: 'parseTranscript',
				action: 'Parse live response transcript',
				description: 'Get exit code, output and standard error of a script',
			},
		],
	},
	...parseTranscript.description,
	...download.description,
	...getLink.description,
];
