import type { INodeParameters } from 'n8n-workflow';

import { onItems, type Step, type WorkflowFile } from '../playground/n8n/workflowFile.mts';
import { liveResponse } from '../playground/packageNodes.mts';
import { byId } from '../test/support/resourceLocator.mts';

/** The name of the HTTP Request nodes' credential. */
export const bearerCredential = 'Bearer token';

/** How the HTTP Request node that calls the API is set up. */
export interface RequestSettings {
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

/** One node that runs the script on every device and gives its result. */
export const runScriptWorkflow = (
	machineIds: readonly string[],
	scriptName: string,
	pollIntervalSeconds: number,
): WorkflowFile =>
	onItems(
		'Script by this node',
		machineIds.map((machineId) => ({ machineId })),
		[
			liveResponse(
				{
					resource: 'liveResponse',
					operation: 'runScript',
					machineId: byId('={{ $json.machineId }}'),
					scriptName: byId(scriptName),
					args: '',
					comment: 'many devices',
					waitForCompletion: true,
					options: { maxRateLimitWaitSeconds: 3600, maxWaitMinutes: 60, pollIntervalSeconds },
				},
				{ name: 'Results' },
			),
		],
	);

/** The start alone, without waiting for the device or for the result. */
export const startRequestWorkflow = (
	machineIds: readonly string[],
	scriptName: string,
	apiUrl: string,
	{ batching, retry }: RequestSettings,
): WorkflowFile =>
	onItems(
		'Starts by an HTTP Request node',
		machineIds.map((machineId) => ({ machineId })),
		[
			{
				...apiRequest(`=${apiUrl}/machines/{{ $json.machineId }}/runliveresponse`, batching, {
					method: 'POST',
					sendBody: true,
					specifyBody: 'json',
					jsonBody: JSON.stringify({
						Commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: scriptName }] }],
						Comment: 'many devices',
					}),
				}),
				name: 'Results',
				...retry,
			},
		],
	);

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
	settings: RequestSettings = {},
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

const thisNode = (parameters: INodeParameters): Step =>
	liveResponse(
		{ machineActionId: byId('={{ $json.machineActionId }}'), ...parameters },
		{ name: 'Results' },
	);

/** The link of one machine action's first result, and the file. */
export const httpRequestSteps = (apiUrl: string, machineActionId: string): Step[] => [
	linkStep(apiUrl, {}, machineActionId),
	fileStep('text'),
];

function linkStep(
	apiUrl: string,
	{ batching, retry }: RequestSettings,
	machineActionId = '{{ $json.machineActionId }}',
): Step {
	const path = `machineactions/${machineActionId}/GetLiveResponseResultDownloadLink(index=0)`;
	return { ...apiRequest(`=${apiUrl}/${path}`, batching), name: 'Link', ...retry };
}

const apiRequest = (
	url: string,
	batching: RequestSettings['batching'],
	more: INodeParameters = {},
): Step => ({
	name: 'Request',
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		url,
		authentication: 'genericCredentialType',
		genericAuthType: 'httpHeaderAuth',
		options: batching === undefined ? {} : { batching: { batch: batching } },
		...more,
	},
	credentials: { httpHeaderAuth: { id: '', name: bearerCredential } },
});

const fileStep = (responseFormat: 'text' | 'file'): Step => ({
	name: 'File',
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		url: '={{ $json.value }}',
		options: { response: { response: { responseFormat } } },
	},
});

const workflow = (name: string, machineActionIds: readonly string[], steps: Step[]): WorkflowFile =>
	onItems(
		name,
		machineActionIds.map((machineActionId) => ({ machineActionId })),
		steps,
	);
