import type { INode } from 'n8n-workflow';

import { packageName } from '../playground/communityPackage.mts';
import { manualTriggerName, type WorkflowFile } from '../playground/n8n/workbench.mts';
import { credentialName, credentialType } from '../playground/playground.mts';

/** The name of the HTTP Request nodes' credential. */
export const bearerCredential = 'Bearer token';

type Step = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters' | 'credentials'> &
	Partial<Pick<INode, 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>>;

/** How the HTTP Request node that asks for the links is set up. */
export interface LinkSettings {
	readonly batching?: { batchSize: number; batchInterval: number };
	readonly retry?: Pick<Step, 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>;
}

/** One node that fetches and parses every result. */
export function nodeWorkflow(machineActionIds: readonly string[]): WorkflowFile {
	const parameters = { source: 'machineAction', allCommands: false, commandIndex: 0, options: {} };
	return workflow('Results by this node', machineActionIds, [
		thisNode({ resource: 'result', operation: 'parseTranscript', ...parameters }),
	]);
}

/** One node that waits until every action is over. */
export function waitWorkflow(machineActionIds: readonly string[]): WorkflowFile {
	const options = { pollIntervalSeconds: 10, maxWaitMinutes: 60 };
	return workflow('Waiting by this node', machineActionIds, [
		thisNode({ resource: 'machineAction', operation: 'wait', options }),
	]);
}

/** One node that stores the result file. */
export function downloadWorkflow(machineActionId: string): WorkflowFile {
	const parameters = { commandIndex: 0, binaryPropertyName: 'data', options: {} };
	return workflow(
		'File by this node',
		[machineActionId],
		[thisNode({ resource: 'result', operation: 'download', ...parameters })],
	);
}

/** The link, and the file as n8n's binary data. */
export function httpRequestDownloadWorkflow(machineActionId: string, apiUrl: string): WorkflowFile {
	return workflow(
		'File by HTTP Request nodes',
		[machineActionId],
		[linkStep(apiUrl, {}), { ...fileStep('file'), name: 'Results' }],
	);
}

/** The link, the file, and a Code node that parses it. */
export function httpRequestWorkflow(
	machineActionIds: readonly string[],
	apiUrl: string,
	settings: LinkSettings = {},
): WorkflowFile {
	return workflow('Results by HTTP Request nodes', machineActionIds, [
		linkStep(apiUrl, settings),
		fileStep('text'),
		{
			name: 'Results',
			type: 'n8n-nodes-base.code',
			typeVersion: 2,
			parameters: {
				jsCode: 'return $input.all().map((item) => ({ json: JSON.parse(item.json.data) }));',
			},
		},
	]);
}

function thisNode(parameters: INode['parameters']): Step {
	return {
		name: 'Results',
		type: `${packageName}.defenderLiveResponse`,
		typeVersion: 1,
		parameters: {
			authentication: 'appRegistration',
			machineActionId: { __rl: true, mode: 'id', value: '={{ $json.machineActionId }}' },
			...parameters,
		},
		credentials: { [credentialType]: { id: '', name: credentialName } },
	};
}

function linkStep(apiUrl: string, { batching, retry }: LinkSettings): Step {
	const path =
		'machineactions/{{ $json.machineActionId }}/GetLiveResponseResultDownloadLink(index=0)';
	return {
		name: 'Link',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url: `=${apiUrl}/${path}`,
			authentication: 'genericCredentialType',
			genericAuthType: 'httpHeaderAuth',
			options: batching === undefined ? {} : { batching: { batch: batching } },
		},
		credentials: { httpHeaderAuth: { id: '', name: bearerCredential } },
		...retry,
	};
}

const fileStep = (responseFormat: 'text' | 'file'): Step => ({
	name: 'File',
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		url: '={{ $json.value }}',
		options: { response: { response: { responseFormat } } },
	},
});

function workflow(name: string, machineActionIds: readonly string[], steps: Step[]): WorkflowFile {
	const trigger: Step = {
		name: manualTriggerName,
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		parameters: {},
	};
	const nodes = [trigger, ...steps];
	return {
		name,
		nodes: nodes.map((step, index) => ({ ...step, id: `${index}`, position: [index * 240, 0] })),
		connections: Object.fromEntries(
			steps.map((step, index) => [
				nodes[index].name,
				{ main: [[{ node: step.name, type: 'main' as const, index: 0 }]] },
			]),
		),
		pinData: {
			[manualTriggerName]: machineActionIds.map((machineActionId) => ({
				json: { machineActionId },
			})),
		},
	};
}
