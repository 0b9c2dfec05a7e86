/**
 * The node as a tool on n8n's own engine (n8n-core), called the two ways of n8n's agents. The agent
 * itself is played: it calls its tool once and passes on what it was given.
 */
import { WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type EngineRequest,
	type EngineResponse,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
} from 'n8n-workflow';

import { DefenderLiveResponse } from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { additionalDataOf } from './engine.mts';
import { assertNothingSecret } from './secrets.mts';
import type { StoredCredential } from './storedCredential.mts';

/** Up to version 2.2, sub-agents and MCP call a tool themselves; from 3 on the engine runs it. */
export type AgentKind = 'agent 2.2' | 'agent 3';

export interface ToolCall {
	kind: AgentKind;
	parameters: INodeParameters;
	credential: StoredCredential;
	/** Settings of the tool: onError, retryOnFail … */
	settings?: Partial<INode>;
	/** As n8n's MCP trigger calls tools. */
	outsideExecutions?: true;
	/** Called with the running execution, to stop it for instance. */
	started?: (stop: () => void) => void;
}

export interface ToolAnswer {
	/** What the model is given; of an agent of version 2.2 the words of the error that n8n throws. */
	told: string;
	/** The error as n8n stores it. */
	error?: { message: string; description?: string | null; context?: { details?: unknown } };
}

const TOOL = 'Live response';
const AGENT = 'Agent';

const described = (name: string, more: Partial<INodeTypeDescription>): INodeTypeDescription => ({
	displayName: name,
	name,
	group: ['transform'],
	version: 1,
	description: `The ${name} of the test`,
	defaults: { name },
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
	properties: [],
	...more,
});

class Start implements INodeType {
	description = described('start', { inputs: [] });

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}

const takesTools: Partial<INodeTypeDescription> = {
	inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool],
};

/** Calls the tool as LangChain does. */
class CallingAgent implements INodeType {
	description = described('callingAgent', takesTools);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const [tool] = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Array<{
			invoke(args: object): Promise<string>;
		}>;
		const told = await tool.invoke({}).catch((error: unknown) => (error as Error).message);
		return [[{ json: { told } }]];
	}
}

/** Has the engine run the tool. */
class RequestingAgent implements INodeType {
	description = described('requestingAgent', takesTools);

	async execute(
		this: IExecuteFunctions,
		response: EngineResponse,
	): Promise<EngineRequest | INodeExecutionData[][]> {
		const [answer] = response.actionResponses;
		if (answer === undefined) {
			const action = {
				actionType: 'ExecutionNodeAction' as const,
				nodeName: TOOL,
				input: {},
				type: NodeConnectionTypes.AiTool,
				id: 'call-1',
				metadata: {},
			};
			return { actions: [action], metadata: {} };
		}
		const items = answer.data.data?.ai_tool?.[0] ?? [];
		return [[{ json: { told: JSON.stringify(items.map(({ json }) => json)) } }]];
	}
}

/** As n8n makes a tool of a node. */
class Tool extends DefenderLiveResponse {
	constructor() {
		super();
		this.description = {
			...this.description,
			name: 'defenderLiveResponseTool',
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
		};
	}
}

const nodeClasses: Record<string, INodeType> = {
	'test.start': new Start(),
	'test.agent 2.2': new CallingAgent(),
	'test.agent 3': new RequestingAgent(),
	'test.defenderLiveResponseTool': new Tool(),
};

const nodeTypes: INodeTypes = {
	getByName: (name) => nodeClasses[name],
	getByNameAndVersion: (name) => nodeClasses[name],
	getKnownTypes: () => ({}),
};

/** Has an agent call the node once. */
export async function callTool(call: ToolCall): Promise<ToolAnswer> {
	const workflow = workflowOf(call);
	const runExecutionData = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [
				{ node: workflow.getNode('Start')!, data: { main: [[{ json: {} }]] }, source: null },
			],
		},
	});
	const additionalData = additionalDataOf(call.credential, 'trigger', `call-${++calls}`);
	if (call.outsideExecutions) delete additionalData.executionId;
	const engine = new WorkflowExecute(additionalData, 'trigger', runExecutionData);
	const execution = engine.processRunExecutionData(workflow);
	call.started?.(() => execution.cancel());
	const stored = await execution;
	assertNothingSecret(call.credential.stored, stored, false);
	const { runData } = stored.data.resultData;
	const [item] = runData[AGENT]?.at(-1)?.data?.main?.[0] ?? [];
	const error = runData[TOOL]?.at(-1)?.error as ToolAnswer['error'];
	return { told: String(item?.json.told), ...(error ? { error } : {}) };
}

let calls = 0;

function workflowOf({ kind, parameters, credential, settings }: ToolCall): Workflow {
	const placed = (name: string, type: string, more: Partial<INode> = {}): INode => ({
		id: name,
		name,
		type: `test.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...more,
	});
	const to = (node: string, type: 'main' | 'ai_tool') => ({
		[type]: [[{ node, type, index: 0 }]],
	});
	return new Workflow({
		id: 'workflow-1',
		name: 'Test',
		nodes: [
			placed('Start', 'start'),
			placed(AGENT, kind),
			placed(TOOL, 'defenderLiveResponseTool', {
				parameters,
				credentials: { [credential.type.name]: { id: 'credential-1', name: 'Contoso' } },
				...settings,
			}),
		],
		connections: { Start: to(AGENT, 'main'), [TOOL]: to(AGENT, 'ai_tool') },
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1' },
	});
}
