import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';

import {
	everySeconds,
	inARow,
	noOperation,
	splitInto,
	type Step,
	type WorkflowFile,
} from '../../playground/n8n/workflowFile.mts';
import { liveResponse, liveResponseTrigger, oneResult } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';

export interface WebhookWorkflow {
	readonly file: WorkflowFile;
	/** Under `/webhook/` of the webhook process. */
	readonly path: string;
}

export interface WebhookOptions {
	/** Whether the caller waits for the result; else it is told at once that the alert was received. */
	readonly answer: 'result' | 'received';
	readonly parameters: INodeParameters;
	readonly settings?: Pick<Step, 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>;
	/** What follows the node. */
	readonly then?: readonly Step[];
}

/** The same node again, reading what the download before it has put into a binary field. */
export const readerStep: Step = liveResponse(
	{
		resource: 'result',
		operation: 'parseTranscript',
		source: 'binary',
		binaryPropertyName: 'data',
		options: {},
	},
	{ name: 'Read' },
);

/** Alert webhook, one item for each entry of the body's `items`, the node, and what follows it. */
export function webhookWorkflow(name: string, options: WebhookOptions): WebhookWorkflow {
	const path = randomUUID();
	const answer =
		options.answer === 'result'
			? { responseMode: 'lastNode', responseData: 'allEntries' }
			: { responseMode: 'onReceived' };
	const webhook: Step = {
		name: 'Alert',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path, ...answer, options: {} },
	};
	const { parameters, settings, then = [] } = options;
	const steps = [webhook, splitInto('item', 'body.items'), liveResponse(parameters, settings)];
	return { path, file: inARow(name, [...steps, ...then]) };
}

/** Long enough for n8n to take the execution off its worker. */
export const waitForAWhile: Step = {
	name: 'Wait',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { resume: 'timeInterval', amount: 66, unit: 'seconds' },
	webhookId: randomUUID(),
};

/** Starts the workflow with every live response that has ended, looked for every minute. */
export const triggerWorkflow = (name: string): WorkflowFile =>
	inARow(name, [
		liveResponseTrigger({ pollTimes: { item: [{ mode: 'everyMinute' }] } }),
		noOperation('Ticket'),
	]);

/** One result of the machine action that the item names. */
export const resultParameters = (operation: 'parseTranscript' | 'download'): INodeParameters =>
	oneResult(operation, '={{ $json.item.machineActionId }}', {
		options: { maxRateLimitWaitSeconds: 600 },
	});

/** Runs a library script on the device that the item names, and waits for the result. */
export function runScriptParameters(
	scriptName: string,
	options: INodeParameters = {},
): INodeParameters {
	return {
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

/** Advances a campaign over the devices with a tag every few seconds, a few devices at once. */
export const campaignWorkflow = (
	name: string,
	{ tag, scriptName }: { tag: string; scriptName: string },
): WorkflowFile =>
	inARow(name, [
		everySeconds(4),
		liveResponse({
			resource: 'campaign',
			operation: 'advance',
			campaignKey: name,
			startsAt: new Date().toISOString(),
			devicesFrom: 'filters',
			filters: { tag },
			scriptSource: 'library',
			scriptName: byId(scriptName),
			args: '',
			comment: '',
			options: { maxUnfinished: 6 },
		}),
	]);
