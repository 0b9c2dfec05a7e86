/** The nodes of which the workflows of all ways are made. */
import { randomUUID } from 'node:crypto';

import {
	listOf,
	manualTrigger,
	splitInto,
	type Step,
} from '../../../playground/n8n/workflowFile.mts';
import { liveResponse, signedInBy } from '../../../playground/packageNodes.mts';
import { byId } from '../../support/resourceLocator.mts';
import { script } from './world.mts';

export const nodeName = 'Run script';
const listName = 'Asks';

export const runScript = (credential: string, more: Partial<Step> = {}): Step =>
	liveResponse(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId('={{ $json.ask.device }}'),
			scriptName: byId(script),
			options: { pollIntervalSeconds: 1 },
		},
		{ name: nodeName, ...signedInBy(credential), ...more },
	);

/** One item for each entry of a list that is written into the workflow, or that an expression gives. */
export const eachOf = (list: readonly unknown[] | string): Step[] => [
	listOf(listName, typeof list === 'string' ? list : JSON.stringify(list)),
	splitInto('ask', 'list'),
];

/** Started from the editor. */
export const byHand = (asks: readonly unknown[]): Step[] => [manualTrigger, ...eachOf(asks)];

/** Started by an alert whose body has the `asks`. */
export const byAlert = (path: string): Step[] => [webhook(path), ...eachOf('$json.body.asks')];

export const webhook = (path: string): Step => ({
	name: 'Alert',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: randomUUID(),
	parameters: { httpMethod: 'POST', path, options: {} },
});

/** Started every twenty seconds: soon, and with time to unpublish the workflow before the second time. */
export const schedule: Step = {
	name: 'Schedule',
	type: 'n8n-nodes-base.scheduleTrigger',
	typeVersion: 1.2,
	parameters: {
		rule: { interval: [{ field: 'cronExpression', expression: '*/20 * * * * *' }] },
	},
};

export const loop: Step = {
	name: 'One by one',
	type: 'n8n-nodes-base.splitInBatches',
	typeVersion: 3,
	parameters: { batchSize: 1, options: {} },
};

export const calledByParent: Step = {
	name: 'Called',
	type: 'n8n-nodes-base.executeWorkflowTrigger',
	typeVersion: 1.1,
	parameters: { inputSource: 'passthrough' },
};

/** A sub-workflow for each item. */
export const callEach = (workflowId: string): Step => ({
	name: 'Call',
	type: 'n8n-nodes-base.executeWorkflow',
	typeVersion: 1.2,
	parameters: {
		source: 'database',
		workflowId: byId(workflowId),
		mode: 'each',
		options: { waitForSubWorkflow: true },
	},
});

export const errorTrigger: Step = {
	name: 'Failed',
	type: 'n8n-nodes-base.errorTrigger',
	typeVersion: 1,
	parameters: {},
};

export const failWith = (message: string): Step => ({
	name: 'Fail',
	type: 'n8n-nodes-base.stopAndError',
	typeVersion: 1,
	parameters: { errorMessage: message },
});
