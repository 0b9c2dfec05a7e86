import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';

import { packageName } from '../../playground/communityPackage.mts';
import type { WorkflowFile } from '../../playground/n8n/workbench.mts';
import { credentialName, credentialType } from '../../playground/playground.mts';

/** The name of the node under test in every workflow here. */
export const nodeName = 'Defender Live Response';

export interface WebhookWorkflow {
	readonly file: WorkflowFile;
	/** Under `/webhook/` of the webhook process. */
	readonly path: string;
}

export interface WebhookOptions {
	/** Whether the caller waits for the result; else it is told at once that the alert was received. */
	readonly answer: 'result' | 'received';
	readonly parameters: INodeParameters;
	readonly settings?: Partial<Pick<INode, 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>>;
	/** What follows the node. */
	readonly then?: ReadonlyArray<Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'>>;
}

/** Alert webhook, one item for each entry of the body's `items`, the node, and what follows it. */
export function webhookWorkflow(name: string, options: WebhookOptions): WebhookWorkflow {
	const path = randomUUID();
	const nodes: Array<Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> & Partial<INode>> =
		[
			{
				name: 'Alert',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				webhookId: path,
				parameters: {
					httpMethod: 'POST',
					path,
					...(options.answer === 'result'
						? { responseMode: 'lastNode', responseData: 'allEntries' }
						: { responseMode: 'onReceived' }),
					options: {},
				},
			},
			{
				name: 'Split Out',
				type: 'n8n-nodes-base.splitOut',
				typeVersion: 1,
				parameters: { fieldToSplitOut: 'body.items', options: { destinationFieldName: 'item' } },
			},
			{
				name: nodeName,
				type: `${packageName}.defenderLiveResponse`,
				typeVersion: 1,
				parameters: options.parameters,
				credentials: { [credentialType]: { id: '', name: credentialName } },
				...options.settings,
			},
			...(options.then ?? []),
		];
	return {
		path,
		file: {
			name,
			nodes: nodes.map((node, index) => ({
				...node,
				id: randomUUID(),
				position: [index * 240, 0],
			})),
			connections: Object.fromEntries(
				nodes
					.slice(1)
					.map(({ name: next }, index) => [
						nodes[index].name,
						{ main: [[{ node: next, type: 'main' as const, index: 0 }]] },
					]),
			),
		},
	};
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** One result of the machine action that the item names. */
export function resultParameters(operation: 'parseTranscript' | 'download'): INodeParameters {
	return {
		authentication: 'appRegistration',
		resource: 'result',
		operation,
		source: 'machineAction',
		machineActionId: byId('={{ $json.item.machineActionId }}'),
		allCommands: false,
		commandIndex: 0,
		options: { maxRateLimitWaitSeconds: 600 },
	};
}

/** Runs a library script on the device that the item names, and waits for the result. */
export function runScriptParameters(
	scriptName: string,
	options: INodeParameters = {},
): INodeParameters {
	return {
		authentication: 'appRegistration',
		resource: 'liveResponse',
		operation: 'runScript',
		machineId: byId('={{ $json.item.machineId }}'),
		scriptName: byId(scriptName),
		args: '={{ $json.item.args ?? "" }}',
		comment: '={{ $json.item.alert }}',
		waitForCompletion: true,
		options: { pollIntervalSeconds: 2, maxRateLimitWaitSeconds: 600, ...options },
	};
}
