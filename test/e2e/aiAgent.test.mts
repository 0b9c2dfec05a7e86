/** The node as a tool of n8n's AI Agent, with a scripted model in the place of OpenAI's. */
import type { INodeParameters, NodeConnectionType } from 'n8n-workflow';

import { startChatModel, type ChatRequest, type ChatTurn } from '../../playground/chatModel.mts';
import { packageName } from '../../playground/communityPackage.mts';
import {
	inARow,
	manualTrigger,
	placed,
	to,
	type Step,
	type WorkflowFile,
} from '../../playground/n8n/workflowFile.mts';
import { credentialType, liveResponse, signedInBy } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';
import { openTestBed, type TestBed } from './testBed.mts';

jest.setTimeout(180_000);

const credentialName = 'Agent Contoso';

let testBed: TestBed;

beforeAll(async () => {
	testBed = await openTestBed({ emulator: { timeScale: 30 } });
	await testBed.client.saveCredential(credentialType, credentialName, {
		...testBed.emulator.credential,
	});
});

afterAll(async () => await testBed.stop());

const findDevice: INodeParameters = {
	resource: 'machine',
	operation: 'getAll',
	limit: 5,
	filters: {
		computerDnsNameStartsWith:
			"={{ $fromAI('name', 'The beginning of the DNS name of the device', 'string') }}",
	},
	options: {},
};

const runScript: INodeParameters = {
	resource: 'liveResponse',
	operation: 'runScript',
	machineId: byId("={{ $fromAI('device_id', 'The id of the device', 'string') }}"),
	scriptName: byId("={{ $fromAI('script', 'The name of the script in the library', 'string') }}"),
	options: { pollIntervalSeconds: 1 },
};

const modelName = 'OpenAI Chat Model';

const agent: Omit<Step, 'parameters'> = {
	name: 'AI Agent',
	type: '@n8n/n8n-nodes-langchain.agent',
	typeVersion: 3,
};

const model: Step = {
	name: modelName,
	type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
	typeVersion: 1.3,
	parameters: { model: byId('scripted'), responsesApiEnabled: false, options: {} },
	credentials: { openAiApi: { id: '', name: 'Scripted model' } },
};

const tool = (name: string, parameters: INodeParameters): Step =>
	liveResponse(
		{ descriptionType: 'auto', ...parameters },
		{ name, type: `${packageName}.defenderLiveResponseTool`, ...signedInBy(credentialName) },
	);

function agentWorkflow(text: string): WorkflowFile {
	const row = inARow(`Agent: ${text}`, [
		manualTrigger,
		{ ...agent, parameters: { promptType: 'define', text, options: {} } },
	]);
	const toAgent = (type: NodeConnectionType) => ({ [type]: [to(agent.name, type)] });
	return {
		...row,
		nodes: [
			...row.nodes,
			placed(model, [0, 200]),
			placed(tool('Find device', findDevice), [200, 200]),
			placed(tool('Run script', runScript), [400, 200]),
		],
		connections: {
			...row.connections,
			[modelName]: toAgent('ai_languageModel'),
			'Find device': toAgent('ai_tool'),
			'Run script': toAgent('ai_tool'),
		},
	};
}

/** Asks the agent, with the model that is given. @returns its words, and what the model was asked */
async function ask(question: string, answer: (request: ChatRequest) => ChatTurn) {
	const scripted = await startChatModel(answer);
	try {
		await testBed.client.saveCredential('openAiApi', 'Scripted model', {
			apiKey: 'none',
			url: scripted.baseUrl,
		});
		const id = await testBed.client.saveWorkflow(agentWorkflow(question));
		const execution = await testBed.client.run(id, { timeoutSeconds: 120 });
		return {
			said: execution.json('AI Agent')[0]?.output,
			errorMessage: execution.errorMessage,
			requests: scripted.requests,
		};
	} finally {
		await scripted.stop();
	}
}

const toolAnswers = ({ messages }: ChatRequest) =>
	messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));

/** A model that finds the device, runs the script, and repeats what the last tool said. */
const analyst =
	(name: string, script: string) =>
	(request: ChatRequest): ChatTurn => {
		const [device, result] = toolAnswers(request);
		if (device === undefined) return { tool: 'Find_device', args: { name } };
		if (result !== undefined) return result;
		const id = /[0-9a-f]{40}/.exec(device)?.[0] ?? 'none found';
		return { tool: 'Run_script', args: { device_id: id, script } };
	};

it('finds a device, runs a script on it and reads the answer', async () => {
	const { said, requests, errorMessage } = await ask(
		'What runs on pc-fin-014?',
		analyst('pc-fin-014.', 'triage.ps1'),
	);

	expect(errorMessage).toBeUndefined();
	expect(said).toContain('"exit_code":0');
	expect(said).toContain('suspiciousProcesses');
	expect(requests).toHaveLength(3);
	expect(
		requests[0].tools
			.map(({ name, description, parameters }) => ({
				name,
				description,
				parameters: Object.keys(parameters.properties),
			}))
			.sort((a, b) => a.name.localeCompare(b.name)),
	).toEqual([
		{
			name: 'Find_device',
			description: 'Get many devices in Defender Live Response',
			parameters: ['name'],
		},
		{
			name: 'Run_script',
			description: 'Run script on device in Defender Live Response',
			parameters: ['device_id', 'script'],
		},
	]);
});

it('gives the model a bounded answer, however much the script says', async () => {
	testBed.emulator.tenant.library.add({
		fileName: 'verbose.ps1',
		behaviour: { output: 'process listing\n'.repeat(50_000) },
	});
	testBed.emulator.tenant.machines.add({ computerDnsName: 'pc-verbose.contoso.example' });
	const { requests } = await ask(
		'List the processes of pc-verbose',
		analyst('pc-verbose.', 'verbose.ps1'),
	);

	const answer = toolAnswers(requests.at(-1)!).at(-1)!;
	expect(answer).toMatch(/Cut to fit: output \(\d+ of \d+ characters\)/);
	expect(answer.length).toBeLessThan(25_000);
});

it('tells the model why a device cannot be asked', async () => {
	const { said } = await ask('What runs on pc-old-07?', analyst('pc-old-07.', 'triage.ps1'));

	expect(said).toContain('does not support live response');
});
