import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { properties, subtitle } from './actions/operations';
import { router } from './actions/router';
import { authentication, credentialsFor } from './descriptions/authentication';
import * as listSearch from './methods/listSearch';

/**
 * Programmatic rather than declarative: one operation is several dependent calls, files are
 * streamed, and all items share one rate budget.
 */
export class DefenderLiveResponse implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Defender Live Response',
		name: 'defenderLiveResponse',
		icon: { light: 'file:defenderLiveResponse.svg', dark: 'file:defenderLiveResponse.dark.svg' },
		group: ['input'],
		// As a list: with a single number n8n adds 'Custom API Call' to resources and operations, which
		// these credentials do not allow.
		version: [1],
		defaultVersion: 1,
		subtitle,
		description:
			'Run scripts on devices with Microsoft Defender for Endpoint live response and get their exit code, output and errors',
		defaults: { name: 'Defender Live Response' },
		usableAsTool: true,
		// Whoever holds a link can read the result for its life.
		sensitiveOutputFields: ['link'],
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsFor({ source: ['binary', 'text'] }),
		properties: [
			{ ...authentication, displayOptions: { hide: { source: ['binary', 'text'] } } },
			...properties,
		],
	};

	methods = { listSearch: { ...listSearch } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router(this);
	}
}
