/** The examples that begin with the trigger, as a user imports them, in both tenants. */
import type { EmulatorOptions } from '../../emulator/emulator.mts';
import type { ProfileName } from '../../emulator/profiles.mts';
import { saveAlertSource } from '../../playground/exampleCredentials.mts';
import { startFakeServices, type FakeServices } from '../../playground/fakeServices.mts';
import { exampleWith } from '../../playground/examples.mts';
import { credentialName, credentialType } from '../../playground/packageNodes.mts';
import { until } from '../support/until.mts';
import { openTestBed, type TestBed } from './testBed.mts';

const workstation = 'pc-fin-014.contoso.example';
const laptop = 'laptop-9.contoso.example';
const minutes = 60_000;

const profiles: Array<[ProfileName, EmulatorOptions]> = [
	['plain', { profile: 'plain', realLagSeconds: undefined }],
	['harsh', {}],
];

/** Both tenants at once: n8n looks at each every minute. */
const stories = new Map<ProfileName, Promise<void>>();

beforeAll(() => {
	for (const [profile, emulator] of profiles) {
		const story = tell(profile, emulator);
		story.catch(() => undefined);
		stories.set(profile, story);
	}
});

afterAll(async () => await Promise.allSettled(stories.values()), 7 * minutes);

it.each(profiles)(
	'in a tenant as the profile %s has it, each result finds the ticket that another workflow opened, and the chat is told',
	async (profile) => await stories.get(profile),
	7 * minutes,
);

async function tell(profile: ProfileName, emulator: EmulatorOptions): Promise<void> {
	const testBed = await openTestBed({ emulator: { timeScale: 20, ...emulator } });
	const published: string[] = [];
	let services: FakeServices | undefined;
	try {
		services = await startFakeServices();
		await tellIn({ profile, services, testBed, published });
	} finally {
		try {
			for (const id of published) await testBed.client.deactivate(id);
		} finally {
			await testBed.stop();
			await services?.stop();
		}
	}
}

interface Story {
	readonly profile: ProfileName;
	readonly services: FakeServices;
	readonly testBed: TestBed;
	/** The workflows that are to be deactivated at the end. */
	readonly published: string[];
}

async function tellIn({ profile, services, testBed, published }: Story): Promise<void> {
	testBed.emulator.tenant.machines.add({ computerDnsName: laptop, online: false });
	await saveAlertSource(testBed.client);
	await testBed.client.saveCredential(credentialType, `${credentialName} ${profile}`, {
		...testBed.emulator.credential,
	});
	const path = `defender-ticket-${profile}`;

	/** The example with a name, a path and a credential of its own. */
	async function publish(name: string, settings: Parameters<typeof exampleWith>[1]) {
		const example = exampleWith(name, settings);
		for (const { credentials, parameters } of example.nodes) {
			if (credentials?.[credentialType]) {
				credentials[credentialType].name = `${credentialName} ${profile}`;
			}
			if (parameters.path !== undefined) parameters.path = path;
		}
		const file = { ...example, name: `${example.name} ${profile}` };
		const id = await testBed.client.saveWorkflow(file);
		published.push(id);
		await testBed.client.activate(id);
		return id;
	}

	const { ticketUrl, chatUrl } = services;
	await publish('ended-to-chat', { chatUrl });
	await publish('result-to-ticket', { ticketUrl });
	const alerts = await publish('script-for-ticket', { ticketUrl, scriptName: 'fails.ps1' });
	for (const [id, computerDnsName] of [
		['alert-1', laptop],
		['alert-2', workstation],
		// It fires again, and opens no second ticket.
		['alert-2', workstation],
	]) {
		const execution = await testBed.client.deliver(alerts, path, {
			id,
			computerDnsName,
		});
		expect((await testBed.client.finished(execution, 90)).status).toBe('success');
	}
	testBed.emulator.advance(2 * 3600);

	const changes = () => services.received.filter(({ method }) => method === 'PATCH');
	await until(() => changes().length >= 2, 'both tickets to have their result', 200);
	expect(services.tickets()).toEqual([
		{ title: `Triage of ${laptop}`, alertId: 'alert-1', device: laptop },
		{ title: `Triage of ${workstation}`, alertId: 'alert-2', device: workstation },
	]);
	const changeOf = (number: string) =>
		changes().find(({ path }) => path === `/api/tickets/${number}`)?.body;
	expect(changeOf('INC1001')).toMatchObject({
		device: laptop,
		status: 'TimeOut',
		exitCode: null,
		reason: expect.stringMatching(/.+/),
	});
	expect(changeOf('INC1002')).toMatchObject({
		device: workstation,
		status: 'Succeeded',
		exitCode: 1,
		output: 'Stopping service Spooler...',
		requestor: expect.stringMatching(/.+/),
		endTime: expect.stringMatching(/Z$/),
	});
	expect(changes()).toHaveLength(2);

	await until(() => services.messages().length >= 2, 'two messages in the chat', 150);
	const texts = services.messages().map((message) => (message as { text: string }).text);
	expect(texts.sort()).toEqual([
		expect.stringMatching(/^RunScript on laptop-9\.contoso\.example: \w+ \(TimeOut\)\n/),
		expect.stringMatching(/^fails\.ps1 on pc-fin-014\.contoso\.example: exit code 1\n/),
	]);
}
