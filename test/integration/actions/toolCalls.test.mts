/** Calls by an agent that hands its own run to all of them, as the AI Agent does up to version 2.2. */
import { WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type IExecuteFunctions,
	type INodeType,
} from 'n8n-workflow';

import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { additionalDataOf, prepareBinaryStore, removeBinaryStore } from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { startProcess } from '../../support/nodeProcess.mts';
import { processedData } from '../../support/processedData.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const FINANCE = contosoMachineId('pc-fin-014.contoso.example');

let emulator: Emulator;
let HR: string;

beforeAll(prepareBinaryStore);
afterAll(removeBinaryStore);

beforeEach(async () => {
	processedData.reset();
	emulator = await startTestEmulator({
		clock: systemClock.now,
		deviceLookup: { passingNotFound: 0 },
	});
	HR = emulator.tenant.machines.add({ computerDnsName: 'pc-hr-03.contoso.example' });
});

afterEach(async () => {
	await emulator.stop();
});

interface Tool {
	invoke(args: object): Promise<string>;
}

/** What an agent does with its tools: `ask` stands for the model. */
async function runAgent(
	ask: (tool: Tool, ofAnotherItem: Tool) => Promise<void>,
	settings: object = {},
): Promise<void> {
	const node = startProcess();
	const agent = {
		description: { inputs: ['main', 'ai_tool'], outputs: ['main'], properties: [] },
		async execute(this: IExecuteFunctions) {
			const connect = async () => {
				const tools = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
				return [tools as Tool[]].flat()[0];
			};
			await ask(await connect(), await connect());
			return [[{ json: {} }]];
		},
	} as unknown as INodeType;
	const tool = {
		description: { ...node.description, inputs: [], outputs: [NodeConnectionTypes.AiTool] },
		execute: node.execute,
	} as unknown as INodeType;
	const credential = new StoredCredential(emulator.credential);
	const byName = (name: string) => (name.endsWith('Tool') ? tool : agent);
	const workflow = new Workflow({
		id: 'workflow-1',
		nodes: [
			{
				id: 'agent',
				name: 'AI Agent',
				type: 'test.agent',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'tool',
				name: 'Triage',
				type: 'test.defenderLiveResponseTool',
				typeVersion: 1,
				position: [0, 0],
				credentials: { [credential.type.name]: { id: 'credential-1', name: 'Contoso' } },
				parameters: {
					resource: 'liveResponse',
					operation: 'runScript',
					machineId: { __rl: true, mode: 'id', value: "={{ $fromAI('device') }}" },
					scriptName: { __rl: true, mode: 'id', value: 'triage.ps1' },
					options: {},
				},
				...settings,
			},
		],
		connections: {
			Triage: {
				ai_tool: [[{ node: 'AI Agent', type: NodeConnectionTypes.AiTool, index: 0 }]],
			},
		},
		active: false,
		nodeTypes: { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) },
	});
	const start = workflow.getNode('AI Agent')!;
	const run = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node: start, data: { main: [[{ json: {} }]] }, source: null }],
		},
	});
	const additionalData = additionalDataOf(credential, 'trigger', 'execution-1');
	const { data } = await new WorkflowExecute(
		additionalData,
		'trigger',
		run,
	).processRunExecutionData(workflow);
	if (data.resultData.error) throw data.resultData.error as Error;
}

const runsOf = (id: string) => emulator.tenant.machines.runsOf(id, 'triage.ps1');

it('two calls one after the other run on the device that each was given', async () => {
	const answers: string[] = [];
	await runAgent(async (tool) => {
		for (const device of [FINANCE, HR]) answers.push(await tool.invoke({ device }));
	});
	expect(answers[0]).toContain(FINANCE);
	expect(answers[1]).toContain(HR);
	expect([runsOf(FINANCE), runsOf(HR)]).toEqual([1, 1]);
});

it('the same call again is a new run', async () => {
	await runAgent(async (tool) => {
		for (const device of [FINANCE, FINANCE]) await tool.invoke({ device });
	});
	expect(runsOf(FINANCE)).toBe(2);
});

it('a call whose answer was lost is found by the next try, and not run again', async () => {
	emulator.configure({ lag: { action: 250 } });
	emulator.faults.order({ kind: 'lostAnswer', path: /runliveresponse/ });
	let answer = '';
	await runAgent(
		async (tool) => {
			answer = await tool.invoke({ device: FINANCE });
		},
		{ retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	);
	expect(answer).toContain(FINANCE);
	expect(runsOf(FINANCE)).toBe(1);
});

it('calls at once never run on the device of another call: they are rejected', async () => {
	const answers: Array<PromiseSettledResult<string>> = [];
	await runAgent(async (tool, ofAnotherItem) => {
		const calls = [tool.invoke({ device: FINANCE }), ofAnotherItem.invoke({ device: HR })];
		answers.push(...(await Promise.allSettled(calls)));
	});
	const told = answers.map((answer) =>
		answer.status === 'fulfilled' ? answer.value : String(answer.reason),
	);
	expect(told).toContainEqual(
		expect.stringContaining('n8n mixed up the arguments of two calls of this tool'),
	);
	expect(told.join('\n')).not.toContain(`${HR}","computerDnsName":"pc-fin`);
	expect(runsOf(FINANCE)).toBeLessThanOrEqual(1);
	expect(runsOf(HR)).toBeLessThanOrEqual(1);
});
