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
	readonly then?: readonly WebhookStep[];
}

/** A node of a workflow; its id and place are made up. */
export type WebhookStep = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> &
	Partial<INode>;

/** The same node again, reading what another gave. */
export const readerStep: WebhookStep = {
	name: 'Read',
	type: `${packageName}.defenderLiveResponse`,
	typeVersion: 1,
	parameters: {},
	credentials: { [credentialType]: { id: '', name: credentialName } },
};

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

/** What the node reads from the binary field that the download before it has filled. */
export const binaryParameters: INodeParameters = {
	authentication: 'appRegistration',
	resource: 'result',
	operation: 'parseTranscript',
	source: 'binary',
	binaryPropertyName: 'data',
	options: {},
};

/** Long enough for n8n to take the execution off its worker. */
export const waitForAWhile: WebhookStep = {
	name: 'Wait',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { resume: 'timeInterval', amount: 66, unit: 'seconds' },
	webhookId: randomUUID(),
};

/** Starts the workflow with every live response that has ended, looked for every minute. */
export function triggerWorkflow(name: string): WorkflowFile {
	return {
		name,
		nodes: [
			{
				id: randomUUID(),
				name: triggerName,
				type: `${packageName}.defenderLiveResponseTrigger`,
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					pollTimes: { item: [{ mode: 'everyMinute' }] },
					startedBy: 'anyone',
					includeResults: true,
				},
				credentials: { [credentialType]: { id: '', name: credentialName } },
			},
			{
				id: randomUUID(),
				name: 'Ticket',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [240, 0],
				parameters: {},
			},
		],
		connections: {
			[triggerName]: { main: [[{ node: 'Ticket', type: 'main', index: 0 }]] },
		},
	};
}

export const triggerName = 'Defender Live Response Trigger';

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
