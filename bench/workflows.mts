import type { INode } from 'n8n-workflow';

import { packageName } from '../playground/communityPackage.mts';
import { manualTriggerName, type WorkflowFile } from '../playground/n8n/workbench.mts';
import { credentialName, credentialType } from '../playground/playground.mts';

/** The name of the HTTP Request nodes' credential. */
export const bearerCredential = 'Bearer token';

type Step = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters' | 'credentials'>;

/** One node that fetches and parses every result. */
export function nodeWorkflow(machineActionIds: readonly string[]): WorkflowFile {
	return workflow('Results by this node', machineActionIds, [
		{
			name: 'Results',
			type: `${packageName}.defenderLiveResponse`,
			typeVersion: 1,
			parameters: {
				authentication: 'appRegistration',
				resource: 'result',
				operation: 'parseTranscript',
				source: 'machineAction',
				machineActionId: { __rl: true, mode: 'id', value: '={{ $json.machineActionId }}' },
				allCommands: false,
				commandIndex: 0,
				options: {},
			},
			credentials: { [credentialType]: { id: '', name: credentialName } },
		},
	]);
}

/** The link, the file, and a Code node that parses it. */
export function httpRequestWorkflow(
	machineActionIds: readonly string[],
	apiUrl: string,
): WorkflowFile {
	const linkPath =
		'machineactions/{{ $json.machineActionId }}/GetLiveResponseResultDownloadLink(index=0)';
	return workflow('Results by HTTP Request nodes', machineActionIds, [
		{
			name: 'Link',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: `=${apiUrl}/${linkPath}`,
				authentication: 'genericCredentialType',
				genericAuthType: 'httpHeaderAuth',
				options: {},
			},
			credentials: { httpHeaderAuth: { id: '', name: bearerCredential } },
		},
		{
			name: 'File',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: '={{ $json.value }}',
				options: { response: { response: { responseFormat: 'text' } } },
			},
		},
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
