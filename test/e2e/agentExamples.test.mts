/** The examples for AI agents, as a user imports them: an agent asks for an isolation, a person decides. */
import { startChatModel, type ChatModel, type ChatRequest } from '../../playground/chatModel.mts';
import { saveAlertSource, saveServiceCredentials } from '../../playground/exampleCredentials.mts';
import { exampleWith } from '../../playground/examples.mts';
import { startFakeServices, type FakeServices } from '../../playground/fakeServices.mts';
import { credentialName, credentialType } from '../../playground/packageNodes.mts';
import { http } from '../support/http.mts';
import { until } from '../support/until.mts';
import { openTestBed, type TestBed } from './testBed.mts';

const minutes = 60_000;
/** As a browser says it: what looks like a robot that checks links has no effect on n8n's buttons. */
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let testBed: TestBed;
let services: FakeServices;
let model: ChatModel;

beforeAll(async () => {
	services = await startFakeServices();
	testBed = await openTestBed({ emulator: { timeScale: 20 } });
	model = await startChatModel(analyst);
	const { client, emulator } = testBed;
	await saveAlertSource(client);
	await saveServiceCredentials(client, services);
	await client.saveCredential(credentialType, credentialName, { ...emulator.credential });
	await client.saveCredential('openAiApi', 'OpenAI account', {
		apiKey: 'none',
		url: model.baseUrl,
	});
});

afterAll(async () => {
	await model?.stop();
	await testBed?.stop();
	await services?.stop();
});

/** Runs the script, asks for the isolation, and repeats what became of it. */
function analyst({ messages }: ChatRequest) {
	const answers = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
	switch (answers.length) {
		case 0:
			return { tool: 'Run_triage', args: {} };
		case 1:
			return { tool: 'Isolate_device', args: { reason: '<a href="http://evil">rundll32</a>' } };
		default:
			return String(answers.at(-1));
	}
}

const questions = () =>
	services.posted(/\/chats\//).map((body) => (body as { body: { content: string } }).body.content);

/** Clicks the button of a message. */
async function decide(question: string, label: string): Promise<void> {
	const [, link] = new RegExp(`<a href="([^"]+)">${label}</a>`).exec(question)!;
	await http.get(link, { headers: { 'user-agent': browser } });
}

it(
	'nothing is isolated before a person approves, nor after a person declines',
	async () => {
		const { client, emulator } = testBed;
		const approval = await client.saveWorkflow(exampleWith('isolate-with-approval', {}));
		await client.activate(approval);
		const agent = exampleWith('agent-triage', { ticketUrl: services.ticketUrl });
		for (const { name, parameters } of agent.nodes) {
			if (name === 'Isolate device') {
				parameters.workflowId = { __rl: true, mode: 'list', value: approval };
			}
		}
		const agentId = await client.saveWorkflow(agent);
		await client.activate(agentId);

		const names = ['pc-1.contoso.example', 'pc-2.contoso.example'];
		const ids = names.map((computerDnsName) => emulator.tenant.machines.add({ computerDnsName }));
		const executions: string[] = [];
		for (const [at, computerDnsName] of names.entries()) {
			const alert = { id: `agent-${at}`, title: 'Odd', machineId: ids[at], computerDnsName };
			executions.push(await client.deliver(agentId, 'defender-agent', alert));
		}
		await until(() => questions().length === 2, 'both questions', 60);
		const isolations = () =>
			emulator.tenant.actions.all
				.filter(({ type, machineId }) => type === 'Isolate' && ids.includes(machineId))
				.map(({ machineId }) => machineId);
		expect(isolations()).toEqual([]);
		const [first, second] = names.map((name) => questions().find((asked) => asked.includes(name))!);
		expect(first).toMatch(/ a href="http:\/\/evil" rundll32/);

		// The question is sent before n8n puts the execution aside, and who answers sooner is told to come again.
		const waiting = [...executions, ...(await client.executionIds(approval))];
		expect(waiting).toHaveLength(4);
		const arePutAside = async () => {
			const statuses = await Promise.all(waiting.map(async (id) => await client.status(id)));
			return statuses.every((status) => status === 'waiting');
		};
		await until(arePutAside, 'four executions that wait', 60);
		await decide(first, 'Isolate');
		await decide(second, 'Do not isolate');
		for (const id of executions) {
			expect((await client.finished(id, 120)).status).toBe('success');
		}

		expect(isolations()).toEqual([ids[0]]);
		const reports = services.tickets() as Array<{ device: string; report: string }>;
		const reportOf = (name: string) => reports.find(({ device }) => device === name)?.report;
		expect(reportOf(names[0])).toContain(`Approved: ${names[0]} is being isolated`);
		expect(reportOf(names[1])).toContain('Not approved');
	},
	4 * minutes,
);
