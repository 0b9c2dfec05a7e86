import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import { startFakeServices, type FakeServices } from '../../playground/fakeServices.mts';
import { saveAlertSource } from '../../playground/exampleCredentials.mts';
import { exampleWith, withLibraryScript } from '../../playground/examples.mts';
import { until } from '../support/until.mts';
import { openCluster, type Cluster } from './cluster.mts';

const minutes = 60_000;
const ended = 'ended in queue mode';
const workstation = 'pc-fin-014.contoso.example';

describe('the examples in queue mode', () => {
	let cluster: Cluster;
	let services: FakeServices;
	/** A chat of its own, which hears of every live response that ends during the tests. */
	let chat: FakeServices;
	let pollsAfterwards: Promise<number>;

	beforeAll(async () => {
		services = await startFakeServices();
		chat = await startFakeServices();
		cluster = await openCluster('examples', {
			emulator: {
				timeScale: 20,
				scripts: { allowsUnsigned: true },
				limits: { callsPerMinute: 10_000, callsPerHour: 100_000, runsPerMinute: 1000 },
			},
		});
		await saveAlertSource(cluster.client);
		await publish('ended-to-chat', { chatUrl: chat.chatUrl });
		cluster.emulator.tenant.actions.add({
			createdSecondsAgo: 60,
			commands: [{ type: 'RunScript', scriptName: 'triage.ps1', transcript: { output: ended } }],
		});
		pollsAfterwards = countPollsAfterwards();
		// Told by the test that waits for it.
		pollsAfterwards.catch(() => undefined);
	}, 5 * minutes);

	beforeEach(() => services.clear());

	afterAll(async () => {
		await cluster?.stop();
		await services?.stop();
		await chat?.stop();
	}, minutes);

	async function publish(
		name: string,
		settings: Parameters<typeof exampleWith>[1],
		scriptName?: string,
	): Promise<void> {
		const example = exampleWith(name, settings);
		const id = await cluster.client.saveWorkflow(
			scriptName === undefined ? example : withLibraryScript(example, scriptName),
		);
		await cluster.client.activate(id);
	}

	const told = () =>
		chat.messages().filter((message) => (message as { text: string }).text.includes(ended)).length;

	/** After the poll that brings it comes at least one more, which must not bring it again. */
	async function countPollsAfterwards(): Promise<number> {
		await until(() => told() > 0, 'the chat to hear of the live response', 120);
		const before = cluster.polls();
		await sleep(65_000);
		return cluster.polls() - before;
	}

	/** Alerts a workflow through the webhook process. @returns the first of what the services get then */
	async function answerTo<Posted>(
		path: string,
		alert: object,
		posted: () => unknown[],
	): Promise<Posted> {
		await cluster.send(path, alert);
		await until(() => posted().length > 0, `what follows the alert to ${path}`, 90);
		return posted()[0] as Posted;
	}

	it(
		'open a ticket with exit code, output and error of the script',
		async () => {
			await publish('alert-to-ticket', { ticketUrl: services.ticketUrl }, 'fails.ps1');

			const alert = { id: 'alert-1', title: 'Suspicious', computerDnsName: workstation };
			const ticket = await answerTo<IDataObject>('defender-alert', alert, services.tickets);

			expect(ticket).toMatchObject({
				device: workstation,
				script: 'fails.ps1',
				exitCode: 1,
				output: 'Stopping service Spooler...',
				error: expect.stringMatching(/Access is denied\.$/),
			});
		},
		2 * minutes,
	);

	it(
		'run a script on many devices and sum it up in one message',
		async () => {
			const devices = [workstation, 'srv-dc-01.contoso.example', 'no-such.contoso.example'];
			await publish('many-devices-summary', { chatUrl: services.chatUrl });

			const incident = { incidentId: '4711', devices };
			const summaries = () =>
				services
					.messages()
					.filter((message) => /^Incident/.test((message as { text: string }).text));
			const { text } = await answerTo<{ text: string }>('defender-incident', incident, summaries);

			expect(text.split('\n')).toEqual([
				'Incident 4711: sweep of 3 devices, 2 done',
				`${devices[0]}: done`,
				`${devices[1]}: done`,
				expect.stringMatching(/^no-such\.contoso\.example: refused\. .+/),
			]);
		},
		2 * minutes,
	);

	it(
		'look up the hash of a file that was fetched',
		async () => {
			await publish('file-hash-lookup', {
				ticketUrl: services.ticketUrl,
				hashLookupUrl: services.hashLookupUrl,
			});

			const filePath = 'C:\\Users\\Public\\Documents\\notes.txt';
			const file = { id: 'file-1', computerDnsName: workstation, filePath };
			const ticket = await answerTo<IDataObject>('defender-file', file, services.tickets);

			expect(ticket).toMatchObject({ filePath, fileName: 'notes.txt', verdict: 'unknown' });
		},
		2 * minutes,
	);

	it(
		'wait for a device that is offline, on whichever worker goes on',
		async () => {
			const { machines } = cluster.emulator.tenant;
			const computerDnsName = 'laptop-1.contoso.example';
			const id = machines.add({ computerDnsName, online: false });
			await publish('offline-device', {
				ticketUrl: services.ticketUrl,
				scriptName: 'exit-323.ps1',
				lookEverySeconds: 2,
			});
			const looks = () => cluster.emulator.requests.matching(/\/machineactions\/[0-9a-f-]{36}$/);

			const before = looks().length;
			const alerted = { id: 'offline-1', computerDnsName };
			const answer = answerTo<IDataObject>('defender-offline-device', alerted, services.tickets);
			await until(() => looks().length >= before + 2, 'two looks at the machine action', 60);
			expect(services.tickets()).toEqual([]);
			machines.change(id, { online: true });

			expect(await answer).toMatchObject({ device: computerDnsName, exitCode: 323 });
			expect(machines.runsOf(id, 'exit-323.ps1')).toBe(1);
		},
		2 * minutes,
	);

	it(
		'tell the chat of each ended live response once',
		async () => {
			expect(await pollsAfterwards).toBeGreaterThanOrEqual(1);

			expect(told()).toBe(1);
		},
		4 * minutes,
	);
});
