/** Several calls of the node as an agent's tool: each runs on the device that it names. */
import { startChatModel, type ChatModel } from '../../playground/chatModel.mts';
import { onItems, type Step } from '../../playground/n8n/workflowFile.mts';
import { credentialType } from '../../playground/packageNodes.mts';
import { newApplication } from '../support/newApplication.mts';
import { refuseResultOn, startedOn } from '../support/startedActions.mts';
import {
	agentName,
	agentStep,
	followTask,
	modelCredential,
	scriptTool,
	toolAnswers,
	toolName,
	withTool,
	type AgentKind,
	type AgentTask,
} from './agents.mts';
import { openTestBed, type TestBed } from './testBed.mts';

const minutes = 60_000;
const script = 'where.ps1';

interface Case {
	readonly title: string;
	readonly kind: AgentKind;
	/** One item for each: whether its model asks for its devices at once, and how many they are. */
	readonly tasks: ReadonlyArray<{ readonly atOnce: boolean; readonly devices: number }>;
	readonly settings?: Partial<Step>;
	/** How many items an agent of version 2.2 takes at once. */
	readonly batchSize?: number;
	/** What goes wrong with the live response on a device. */
	readonly goesWrong?: (device: string) => Promise<void> | void;
}

interface Seen {
	readonly devices: readonly string[];
	/** What the tool calls have given, in the order of the devices. */
	readonly answers: readonly string[];
	/** Why calls were rejected. */
	readonly rejections: readonly string[];
}

let testBed: TestBed;
let model: ChatModel;

const kinds: AgentKind[] = ['agent 2.2', 'agent 3', 'sub-agent 2.2', 'sub-agent'];
const oneItem = (atOnce: boolean) => [{ atOnce, devices: 2 }];

const cases: Case[] = kinds.flatMap((kind) => [
	{ title: `${kind}, one after the other`, kind, tasks: oneItem(false) },
	{ title: `${kind}, at once`, kind, tasks: oneItem(true) },
	{
		title: `${kind}, with Retry On Fail, a lost answer and a result that is refused`,
		kind,
		tasks: oneItem(false),
		settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 },
		goesWrong: async (device: string) => {
			const path = new RegExp(`/machines/${device}/runliveresponse`);
			testBed.emulator.faults.order({ kind: 'lostAnswer', path });
			await refuseResultOn(testBed.emulator, device, 1);
		},
	},
]);

const batchOfTwo: Case = {
	title: 'agent 2.2, a batch of two items',
	kind: 'agent 2.2',
	tasks: [
		{ atOnce: false, devices: 1 },
		{ atOnce: false, devices: 1 },
	],
	batchSize: 2,
};

/** Started together: each has an app, and with it limits, of its own. */
const underWay = new Map<Case, Promise<Seen>>();

beforeAll(async () => {
	testBed = await openTestBed({
		emulator: { timeScale: 20, deviceLookup: { passingNotFound: 0 } },
	});
	testBed.emulator.tenant.library.add({
		fileName: script,
		behaviour: ({ device }) => ({ output: `ran on ${device.machine.id}` }),
	});
	model = await startChatModel(followTask);
	await testBed.client.saveCredential('openAiApi', modelCredential, {
		apiKey: 'none',
		url: model.baseUrl,
	});
	for (const each of [...cases, batchOfTwo]) underWay.set(each, run(each));
	await Promise.allSettled(underWay.values());
}, 3 * minutes);

afterAll(async () => {
	await model?.stop();
	await testBed.stop();
});

async function run({ title, kind, tasks, settings, batchSize, goesWrong }: Case): Promise<Seen> {
	const { client, emulator } = testBed;
	await client.saveCredential(credentialType, title, { ...newApplication([emulator]) });
	const told = tasks.map(({ atOnce, devices }): AgentTask => ({
		atOnce,
		devices: Array.from({ length: devices }, () => emulator.tenant.machines.add()),
	}));
	const devices = told.flatMap((task) => task.devices);
	const agent = agentStep(
		kind,
		'={{ JSON.stringify($json) }}',
		batchSize === undefined ? {} : { batching: { batchSize } },
	);
	const tool = scriptTool(script, title, settings);
	const items = told.map((task) => ({ ...task }));
	const id = await client.saveWorkflow(withTool(onItems(title, items, [agent]), kind, tool));
	const [execution] = await Promise.all([
		client.run(id, { timeoutSeconds: 120 }),
		...devices.map(async (device) => await goesWrong?.(device)),
	]);
	return {
		devices,
		answers: execution.json(agentName).flatMap(({ output }) => toolAnswers(output)),
		rejections: (execution.stored.data.resultData.runData[toolName] ?? []).flatMap(
			({ error }) => error?.message ?? [],
		),
	};
}

const starts = (devices: readonly string[]) =>
	devices.map((device) => startedOn(testBed.emulator, device).length);

it.each(cases.map((each) => [each.title, each] as const))(
	'two calls run once each, on the device that each names: %s',
	async (_title, each) => {
		const { devices, answers } = await underWay.get(each)!;

		expect(answers).toEqual(devices.map((id) => expect.stringContaining(`ran on ${id}`)));
		expect(starts(devices)).toEqual([1, 1]);
	},
);

it('a call for which n8n has the device of another one is rejected, as agent 2.2 does in a batch of two', async () => {
	const { devices, answers, rejections } = await underWay.get(batchOfTwo)!;

	expect(starts(devices)).toEqual([1, 0]);
	expect(answers[0]).toContain(`ran on ${devices[0]}`);
	expect(answers[1]).not.toContain('ran on');
	expect(rejections).toEqual([
		expect.stringContaining('n8n mixed up the arguments of two calls of this tool'),
	]);
});
