/** Runs nodes on n8n's own engine (n8n-core), with real HTTP and the real credential code. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	ExecutionLifecycleHooks,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IRun,
	type ITaskData,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { DefenderLiveResponse } from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import type { ConnectedUser } from './connectedUser.mts';
import { prepareProcessedData } from './processedData.mts';
import { assertNothingSecret } from './secrets.mts';
import type { StoredCredential } from './storedCredential.mts';

export interface NodeRun {
	parameters: INodeParameters;
	items?: INodeExecutionData[];
	credential: StoredCredential | ConnectedUser;
	/** Settings of the node: retryOnFail, maxTries, waitBetweenTries, onError … */
	settings?: Partial<INode>;
	mode?: WorkflowExecuteMode;
	/** Settings of the workflow. */
	workflowSettings?: IWorkflowSettings;
	executionId?: string;
	/** The node of another process (see `nodeProcess.mts`). */
	node?: INodeType;
	/** How often the node runs in the execution, as in a loop; default once. */
	rounds?: number;
	/** A second node of the same kind and with the same parameters takes what the first gives. */
	isFollowedByAnother?: boolean;
	/** A retry of an execution in which n8n's crash recovery noted the node as interrupted. */
	leftByCrash?: boolean;
	/** The failed execution that this one retries: n8n keeps when it began, and what it had noted with the nodes. */
	retryOf?: NodeRunResult;
	/** Called with the running execution, to stop it for instance. */
	started?: (stop: () => void) => void;
}

export interface NodeRunResult {
	status: string;
	/** Items of the first output. */
	items: INodeExecutionData[];
	/** Items of every output. */
	outputs: INodeExecutionData[][];
	error?: {
		message: string;
		description?: string | null;
		httpCode?: string | null;
		context?: IDataObject;
	};
	hints: string[];
	/** Everything the execution would store. */
	stored: IRun;
}

const NODE_NAME = 'Defender Live Response';
const NEXT_NODE_NAME = 'Defender Live Response 2';

/** As n8n's ExecutionRecoveryService notes it. */
const CRASHED: ITaskData = {
	startTime: 0,
	executionIndex: 0,
	executionTime: 0,
	executionStatus: 'crashed',
	source: [null],
};

class ItemSource implements INodeType {
	description = {
		displayName: 'Items',
		name: 'items',
		group: ['trigger' as const],
		version: 1,
		description: 'Hands out the items of the test',
		defaults: { name: 'Items' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}

const itemSource = new ItemSource();
const thisProcess = new DefenderLiveResponse();

function nodeTypesOf({ node = thisProcess }: NodeRun): INodeTypes {
	const byName = (name: string) => (name === 'test.items' ? itemSource : node);
	return { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) };
}

let binaryFolder: string | undefined;

/** Binary data goes to files, as in a default n8n. */
export async function prepareBinaryStore(): Promise<void> {
	binaryFolder = mkdtempSync(join(tmpdir(), 'live-response-binary-'));
	const config = Container.get(BinaryDataConfig);
	config.mode = 'filesystem';
	config.localStoragePath = binaryFolder;
	await Container.get(BinaryDataService).init();
	await prepareProcessedData();
}

export function removeBinaryStore(): void {
	if (binaryFolder) rmSync(binaryFolder, { recursive: true, force: true });
}

export async function binaryBytes(item: INodeExecutionData, field = 'data'): Promise<Buffer> {
	return await Container.get(BinaryDataService).getAsBuffer(item.binary![field]);
}

let executions = 0;

export async function runNode(run: NodeRun): Promise<NodeRunResult> {
	const mode = run.mode ?? 'trigger';
	const executionId = run.executionId ?? `execution-${++executions}`;
	const workflow = workflowOf(run);
	const additionalData = additionalDataOf(run.credential, mode, executionId);

	const start = workflow.getNode('Items')!;
	const retried = run.retryOf?.stored.data.executionData;
	const runExecutionData = createRunExecutionData({
		executionData: {
			contextData: { ...retried?.contextData },
			...(retried?.runtimeData ? { runtimeData: retried.runtimeData } : {}),
			nodeExecutionStack: [
				{ node: start, data: { main: [run.items ?? [{ json: {} }]] }, source: null },
			],
		},
	});
	if (run.leftByCrash) runExecutionData.resultData.runData = { [NODE_NAME]: [CRASHED] };
	const engine = new WorkflowExecute(additionalData, mode, runExecutionData);
	const execution = engine.processRunExecutionData(workflow);
	run.started?.(() => execution.cancel());
	const stored = await execution;
	const mayHoldLink = run.parameters.operation === 'getLink';
	assertNothingSecret(run.credential.stored, stored, mayHoldLink);
	return resultOf(stored);
}

/** What n8n gives to an execution besides the workflow. */
export function additionalDataOf(
	credential: StoredCredential | ConnectedUser,
	mode: WorkflowExecuteMode,
	executionId: string,
): IWorkflowExecuteAdditionalData {
	const hooks = new ExecutionLifecycleHooks(mode, executionId, {
		id: 'workflow-1',
		name: 'Test',
		active: false,
		isArchived: false,
		nodes: [],
		connections: {},
		createdAt: new Date(),
		updatedAt: new Date(),
		activeVersionId: null,
	});
	return {
		credentialsHelper: credential,
		hooks,
		executionId,
		currentNodeExecutionIndex: 0,
		restApiUrl: 'http://127.0.0.1/rest',
		instanceBaseUrl: 'http://127.0.0.1',
		webhookBaseUrl: 'http://127.0.0.1/webhookBaseUrl',
		webhookWaitingBaseUrl: 'http://127.0.0.1/webhookWaitingBaseUrl',
		webhookTestBaseUrl: 'http://127.0.0.1/webhookTestBaseUrl',
		formBaseUrl: 'http://127.0.0.1/formBaseUrl',
		formWaitingBaseUrl: 'http://127.0.0.1/formWaitingBaseUrl',
		formTestBaseUrl: 'http://127.0.0.1/formTestBaseUrl',
		mcpBaseUrl: 'http://127.0.0.1/mcpBaseUrl',
		mcpTestBaseUrl: 'http://127.0.0.1/mcpTestBaseUrl',
		variables: {},
		logAiEvent: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

function workflowOf(run: NodeRun): Workflow {
	const nodes: INode[] = [
		{
			id: 'items',
			name: 'Items',
			type: 'test.items',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: 'node-1',
			name: NODE_NAME,
			type: 'test.defenderLiveResponse',
			typeVersion: 1,
			position: [200, 0],
			parameters: run.parameters,
			credentials: { [run.credential.type.name]: { id: 'credential-1', name: 'Contoso' } },
			...run.settings,
		},
	];
	const rounds = Array.from({ length: run.rounds ?? 1 }, (_, at) => `Round ${at + 1}`);
	for (const name of rounds) {
		nodes.push({ ...nodes[0], id: name, name });
	}
	if (run.isFollowedByAnother) nodes.push({ ...nodes[1], id: 'node-2', name: NEXT_NODE_NAME });
	const to = (node: string) => ({ node, type: NodeConnectionTypes.Main, index: 0 });
	return new Workflow({
		id: 'workflow-1',
		name: 'Test',
		nodes,
		connections: {
			Items: { main: [rounds.map(to)] },
			...Object.fromEntries(rounds.map((name) => [name, { main: [[to(NODE_NAME)]] }])),
			...(run.isFollowedByAnother ? { [NODE_NAME]: { main: [[to(NEXT_NODE_NAME)]] } } : {}),
		},
		active: false,
		nodeTypes: nodeTypesOf(run),
		settings: { executionOrder: 'v1', ...run.workflowSettings },
	});
}

function resultOf(stored: IRun): NodeRunResult {
	const { resultData } = stored.data;
	const task = resultData.runData[NODE_NAME]?.at(-1);
	const outputs = (task?.data?.main ?? []).map((items) => items ?? []);
	const error = (task?.error ?? resultData.error) as NodeRunResult['error'];
	return {
		status: stored.status,
		items: outputs[0] ?? [],
		outputs,
		...(error ? { error } : {}),
		hints: (task?.hints ?? []).map((hint) => hint.message),
		stored,
	};
}
