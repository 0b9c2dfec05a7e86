/** The examples of a campaign, as a user imports them: a sweep to its table, and its results as they come. */
import { startFakeServices, type FakeServices } from '../../playground/fakeServices.mts';
import { exampleWith } from '../../playground/examples.mts';
import { credentialName, credentialType } from '../../playground/packageNodes.mts';
import { until } from '../support/until.mts';
import { openTestBed, type TestBed } from './testBed.mts';

const minutes = 60_000;
const tag = 'Sweep';
const campaignKey = 'find-evil-dll-2026-01';
const answers: Record<string, string> = { 'pc-3.contoso.example': 'ABCD', default: 'not there' };

let testBed: TestBed;
let services: FakeServices;
const published: string[] = [];

beforeAll(async () => {
	services = await startFakeServices();
	testBed = await openTestBed({ emulator: { timeScale: 20 } });
	testBed.emulator.tenant.library.add({
		fileName: 'sweep.ps1',
		behaviour: ({ device }) => ({
			output: answers[device.machine.computerDnsName ?? ''] ?? answers.default,
		}),
	});
	await testBed.client.saveCredential(credentialType, `${credentialName} campaign`, {
		...testBed.emulator.credential,
	});
});

afterAll(async () => {
	for (const id of published) await testBed.client.deactivate(id);
	await testBed?.stop();
	await services?.stop();
});

async function save(name: string, settings: Parameters<typeof exampleWith>[1]): Promise<string> {
	const example = exampleWith(name, settings);
	for (const { credentials } of example.nodes) {
		if (credentials) credentials[credentialType].name = `${credentialName} campaign`;
	}
	return await testBed.client.saveWorkflow(example);
}

it(
	'a sweep asks every device once, tells the answers with the rarest first, and opens a ticket for each',
	async () => {
		const { client, emulator } = testBed;
		const names = Array.from({ length: 6 }, (_, at) => `pc-${at}.contoso.example`);
		const ids = names.map((computerDnsName) =>
			emulator.tenant.machines.add({ computerDnsName, machineTags: [tag] }),
		);
		emulator.tenant.machines.change(ids[5], { online: false });
		const results = await save('campaign-results', { ticketUrl: services.ticketUrl });
		await client.activate(results);
		published.push(results);
		const sweep = await save('campaign-sweep', {
			...{ campaignKey, tag, scriptName: 'sweep.ps1', chatUrl: services.chatUrl },
			startsAt: new Date().toISOString(),
		});
		const advance = async () => {
			const execution = await client.finished(await client.start(sweep, 'Every minute'), 90);
			expect(execution.errorMessage).toBeUndefined();
			return execution;
		};

		let last = {};
		await until(
			async () => {
				[last] = (await advance()).json('Advance');
				return 'done' in last && last.done === 5;
			},
			() => `five devices to have answered: ${JSON.stringify(last)}`,
			150,
		);
		expect(services.messages()).toEqual([]);
		emulator.tenant.machines.change(ids[5], { online: true });
		await until(async () => (await advance()).json('Advance')[0].finished, 'the end', 120);
		await advance();
		expect(services.messages()).toEqual([
			{
				text: `Sweep ${campaignKey}: 6 of 6 devices answered\n1 x ABCD\n5 x not there`,
			},
		]);
		expect(ids.map((id) => emulator.tenant.machines.runsOf(id, 'sweep.ps1'))).toEqual(
			ids.map(() => 1),
		);

		await until(() => services.tickets().length >= 6, 'a ticket for each device', 150);
		const tickets = services.tickets() as Array<{ device: string; output: string }>;
		expect(tickets.map(({ device }) => device).sort()).toEqual(names);
		expect(tickets.find(({ device }) => device === names[3])?.output).toBe('ABCD');
	},
	8 * minutes,
);
