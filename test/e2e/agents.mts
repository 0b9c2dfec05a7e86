/** AI Agents that run a script, with a scripted model: the item that reaches an agent says what its model does. */
import type { INode, INodeParameters, NodeConnectionType } from 'n8n-workflow';

import type { ChatRequest, ChatTurn } from '../../playground/chatModel.mts';
import { packageName } from '../../playground/communityPackage.mts';
import { placed, to, type Step, type WorkflowFile } from '../../playground/n8n/workflowFile.mts';
import { liveResponse, signedInBy } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';

/** Which of n8n's agents calls the tool. */
export type AgentKind = 'agent 2.2' | 'agent 3' | 'sub-agent' | 'sub-agent 2.2';

const versionOf = (kind: AgentKind) => (kind.endsWith('2.2') ? 2.2 : 3);

/** What an agent is told to do. */
export interface AgentTask {
	/** On which devices the script is to run, in this order. */
	readonly devices: readonly string[];
	/** Whether the model asks for all of them in one answer, instead of one after the other. */
	readonly atOnce: boolean;
}

export const agentName = 'AI Agent';
export const toolName = 'Run script';
const subAgentName = 'Responder';
const modelName = 'OpenAI Chat Model';
export const modelCredential = 'Scripted model';

/** The node as a tool; the model chooses the device. */
export const scriptTool = (
	scriptName: string,
	credential: string,
	settings: Partial<Step> = {},
): Step =>
	liveResponse(
		{
			descriptionType: 'auto',
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId("={{ $fromAI('device_id', 'The id of the device', 'string') }}"),
			scriptName: byId(scriptName),
			options: { pollIntervalSeconds: 1 },
		},
		{
			name: toolName,
			type: `${packageName}.defenderLiveResponseTool`,
			...signedInBy(credential),
			...settings,
		},
	);

/** The agent; `task` is an expression for what it is told. */
export const agentStep = (kind: AgentKind, task: string, options: INodeParameters = {}): Step => ({
	name: agentName,
	type: '@n8n/n8n-nodes-langchain.agent',
	typeVersion: versionOf(kind),
	parameters: { promptType: 'define', text: task, options },
});

/** The workflow, whose agent has the tool; as a sub-agent, the agent that it calls has the tool. */
export function withTool(workflow: WorkflowFile, kind: AgentKind, tool: Step): WorkflowFile {
	const isSub = kind.startsWith('sub-agent');
	const agents = isSub ? [agentName, subAgentName] : [agentName];
	const toEach = (names: string[], type: NodeConnectionType) => ({
		[type]: [names.flatMap((name) => to(name, type))],
	});
	return {
		...workflow,
		nodes: [
			...workflow.nodes,
			model,
			...(isSub ? [subAgent(versionOf(kind))] : []),
			placed(tool, [400, 200]),
		],
		connections: {
			...workflow.connections,
			[modelName]: toEach(agents, 'ai_languageModel'),
			...(isSub ? { [subAgentName]: toEach([agentName], 'ai_tool') } : {}),
			[tool.name]: toEach([agents.at(-1)!], 'ai_tool'),
		},
	};
}

const model: INode = placed(
	{
		name: modelName,
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.3,
		parameters: { model: byId('scripted'), responsesApiEnabled: false, options: {} },
		credentials: { openAiApi: { id: '', name: modelCredential } },
	},
	[0, 200],
);

const subAgent = (typeVersion: number): INode =>
	placed(
		{
			name: subAgentName,
			type: '@n8n/n8n-nodes-langchain.agentTool',
			typeVersion,
			parameters: {
				toolDescription: 'Runs scripts on devices',
				text: "={{ $fromAI('task', 'What is to be done', 'string') }}",
				options: {},
			},
		},
		[200, 200],
	);

/** The model of every agent: calls the tool as its task says, and repeats what the calls have given, as a JSON list. */
export function followTask({ messages, tools }: ChatRequest): ChatTurn {
	const told = messages.findLast(({ role }) => role === 'user')?.content ?? '';
	const answers = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
	if (tools.some(({ name }) => name === subAgentName)) {
		return answers[0] ?? { tool: subAgentName, args: { task: told } };
	}
	const { devices, atOnce } = JSON.parse(told) as AgentTask;
	const calls = devices.map((device) => ({
		tool: toolName.replace(' ', '_'),
		args: { device_id: device },
	}));
	if (answers.length === calls.length) return JSON.stringify(answers);
	return atOnce ? calls : calls[answers.length];
}

/** What the tool calls have given, in the order of the task; a sub-agent's answer comes in an item. */
export function toolAnswers(said: unknown): string[] {
	const answers = JSON.parse(String(said)) as Array<string | { output: string }>;
	return answers.flatMap((answer) =>
		typeof answer === 'string' ? answer : toolAnswers(answer.output),
	);
}
