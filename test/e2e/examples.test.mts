import { createHash } from 'node:crypto';

import { contosoMachineId } from '../../emulator/emulator.mts';
import { saveAlertSource } from '../../playground/exampleCredentials.mts';
import { exampleWith, lookingOften, withLibraryScript } from '../../playground/examples.mts';
import { startFakeServices, type FakeServices } from '../../playground/fakeServices.mts';
import type { FinishedExecution } from '../../playground/n8n/execution.mts';
import { credentialName, credentialType } from '../../playground/packageNodes.mts';
import { http } from '../support/http.mts';
import { until } from '../support/until.mts';
import { sharedN8n } from './sharedN8n.mts';
import { openTestBed, type TestBed } from './testBed.mts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const anId = expect.stringMatching(guid);
const workstation = 'pc-fin-014.contoso.example';
const chatty = 'pc-chat.contoso.example';
const minutes = 60_000;

describe('the examples, as a user imports them', () => {
	let testBed: TestBed;
	let services: FakeServices;
	/** A chat and tickets of their own, for what takes minutes beside the other tests. */
	let slowServices: FakeServices;
	let endedToChat: Promise<void>;
	let asleep: Promise<void>;

	beforeAll(async () => {
		services = await startFakeServices();
		slowServices = await startFakeServices();
		// Only under the harsh profile: the plain one would double the minutes and show no more.
		// Twenty emulated seconds a second: scripts take seconds.
		testBed = await openTestBed({ emulator: { timeScale: 20 } });
		await testBed.client.saveCredential(credentialType, credentialName, {
			...testBed.emulator.credential,
		});
		await saveAlertSource(testBed.client);
		endedToChat = tellEnded();
		// After it: what the trigger reads of a live response that ends is no look of the one that sleeps.
		asleep = endedToChat.then(sleepAndAnswer, sleepAndAnswer);
		for (const slow of [endedToChat, asleep]) slow.catch(() => undefined);
	});

	beforeEach(() => services.clear());

	afterAll(async () => {
		await Promise.allSettled([endedToChat, asleep]);
		await testBed?.stop();
		await services?.stop();
		await slowServices?.stop();
	}, 4 * minutes);

	/** A device of its own, switched off: what is started on it stays in its queue. */
	function offlineDevice(computerDnsName: string) {
		const id = testBed.emulator.tenant.machines.add({ computerDnsName, online: false });
		return { id, computerDnsName };
	}

	/** The scripts that examples carry are not signed. */
	async function withUnsignedScripts<Result>(work: () => Promise<Result>): Promise<Result> {
		testBed.emulator.configure({ scripts: { allowsUnsigned: true } });
		try {
			return await work();
		} finally {
			testBed.emulator.configure({ scripts: { allowsUnsigned: false } });
		}
	}

	/** Imports and publishes an example. */
	async function publish(name: string, settings: Parameters<typeof exampleWith>[1]) {
		return await publishFile(exampleWith(name, settings));
	}

	async function publishFile(file: ReturnType<typeof exampleWith>) {
		const workflowId = await testBed.client.saveWorkflow(lookingOften(file));
		await testBed.client.activate(workflowId);
		return workflowId;
	}

	/** What was asked about the machine action of a device that has only this one. */
	function looksAt(machineId: string) {
		const action = testBed.emulator.tenant.actions.all.find(
			(candidate) => candidate.machineId === machineId,
		);
		return action === undefined
			? []
			: testBed.emulator.requests.matching(new RegExp(`/machineactions/${action.id}`));
	}

	/** Sends what an alert source would, and waits for the end of the workflow it starts. */
	async function deliver(
		workflowId: string,
		path: string,
		alert: object,
	): Promise<FinishedExecution> {
		return await testBed.client.finished(await send(workflowId, path, alert), 90);
	}

	const send = async (workflowId: string, path: string, alert: object) =>
		await testBed.client.deliver(workflowId, path, alert);

	describe('alert to triage to ticket', () => {
		const alert = (id: string, computerDnsName = workstation) => ({
			id,
			title: 'Suspicious PowerShell',
			severity: 'High',
			computerDnsName,
		});
		/** With a library script in the place of its own, where one is named. */
		async function run(scriptName: string | null, sent: object) {
			const own = exampleWith('alert-to-ticket', { ticketUrl: services.ticketUrl });
			const workflowId = await publishFile(
				scriptName === null ? own : withLibraryScript(own, scriptName),
			);
			return await deliver(workflowId, 'defender-alert', sent);
		}
		const ticket = (id: string, scriptName: unknown) => ({
			alert: { id, title: 'Suspicious PowerShell', severity: 'High' },
			device: workstation,
			script: scriptName,
			report: null,
			error: null,
		});

		it('writes output and report of the script into the ticket', async () => {
			const execution = await withUnsignedScripts(async () => await run(null, alert('alert-1')));

			const report = {
				hostname: 'pc-fin-014',
				os: 'Windows11 23H2',
				loggedOnUsers: ['CONTOSO\\m.rossi'],
				suspiciousProcesses: [{ name: 'rundll32.exe', pid: 4812, parent: 'winword.exe' }],
				openConnections: [{ remote: '203.0.113.66:443', process: 'rundll32.exe' }],
			};
			expect(execution.status).toBe('success');
			expect(services.received).toEqual([
				{
					method: 'POST',
					path: '/api/tickets',
					body: {
						...ticket('alert-1', expect.stringMatching(/^n8n-[0-9a-f]{16}\.ps1$/)),
						title: `Triage of ${workstation}: done`,
						outcome: 'done',
						nextStep: 'Read the report.',
						exitCode: 0,
						output: JSON.stringify(report),
						report,
						machineActionId: anId,
					},
				},
			]);
			expect(execution.json('Open ticket')).toEqual([{ number: 'INC1001' }]);
		}, 60_000);

		it('runs the script once and opens one ticket for an alert that fires twice', async () => {
			const machineId = contosoMachineId(workstation);
			const runs = () => testBed.emulator.tenant.machines.runsOf(machineId, 'no-output.ps1');
			await run('no-output.ps1', alert('alert-2'));
			const again = await run('no-output.ps1', { ...alert('alert-2'), machineId });

			expect(again.json('Run triage script')).toMatchObject([{ attached: true }]);
			expect([runs(), services.tickets().length]).toEqual([1, 1]);

			await run('no-output.ps1', { ...alert('alert-3', 'another-name'), machineId });
			expect([runs(), services.tickets().length]).toEqual([2, 2]);
		}, 90_000);

		it('takes no alert without the header, and starts nothing for one without a device', async () => {
			const workflowId = await publish('alert-to-ticket', { ticketUrl: services.ticketUrl });
			const url = `${sharedN8n.url()}/webhook/defender-alert`;
			const { status } = await http.post(url, alert('alert-9'), { validateStatus: () => true });
			expect(status).toBe(403);

			const execution = await deliver(workflowId, 'defender-alert', { id: 'alert-9' });

			expect(execution.errorMessage).toBe('The alert needs id, and machineId or computerDnsName');
			expect(execution.stored.data.resultData.runData).not.toHaveProperty('Run triage script');
		}, 60_000);

		it('makes a non-zero exit code a ticket with the standard error', async () => {
			const execution = await run('fails.ps1', alert('alert-4'));

			expect(execution.status).toBe('success');
			expect(services.tickets()).toEqual([
				{
					...ticket('alert-4', 'fails.ps1'),
					title: `Triage of ${workstation}: exit code 1`,
					outcome: 'exitCode',
					nextStep: 'Read the standard error, then look at the device.',
					exitCode: 1,
					output: 'Stopping service Spooler...',
					error: expect.stringMatching(/^Stop-Service : .+Access is denied\.$/),
					machineActionId: anId,
				},
			]);
		}, 60_000);

		it('says which machine action goes on when the device does not answer in time', async () => {
			const { computerDnsName: offline } = offlineDevice('laptop-1.contoso.example');
			const workflow = exampleWith('alert-to-ticket', { ticketUrl: services.ticketUrl });
			const node = workflow.nodes.find(({ name }) => name === 'Run triage script');
			Object.assign(node?.parameters.options ?? {}, { maxWaitMinutes: 0.02 });
			const workflowId = await publishFile(workflow);

			await deliver(workflowId, 'defender-alert', alert('alert-5', offline));

			const [{ machineActionId }] = services.tickets() as Array<{ machineActionId: string }>;
			expect(services.tickets()).toEqual([
				{
					...ticket('alert-5', null),
					device: offline,
					title: `Triage of ${offline}: not finished (Pending)`,
					outcome: 'notFinished',
					nextStep: `Machine action ${machineActionId} goes on. Read its result later with the operation Get Script Output.`,
					exitCode: null,
					output: null,
					machineActionId: anId,
				},
			]);
		}, 60_000);

		it("gives Defender's reason when the script did not run", async () => {
			await run(null, alert('alert-6'));

			expect(services.tickets()).toEqual([
				{
					...ticket('alert-6', null),
					title: `Triage of ${workstation}: no exit code (Failed)`,
					outcome: 'noExitCode',
					nextStep: expect.stringContaining('The script is not signed.'),
					exitCode: null,
					output: null,
					machineActionId: anId,
				},
			]);
		}, 60_000);

		it('keeps the text of a result that is no transcript', async () => {
			await run('not-a-transcript.ps1', alert('alert-7'));

			expect(services.tickets()).toEqual([
				{
					...ticket('alert-7', null),
					title: `Triage of ${workstation}: no exit code (Completed)`,
					outcome: 'noExitCode',
					nextStep: 'The result is no script transcript: its text is in the output.',
					exitCode: null,
					output: 'The agent wrote plain text.\n',
					machineActionId: anId,
				},
			]);
		}, 60_000);

		it('opens a ticket for what Defender refuses, with the next step', async () => {
			const device = 'no-such-device.contoso.example';
			const execution = await run(null, alert('alert-8', device));

			expect(execution.status).toBe('success');
			const [refused] = execution.json('Run triage script', 1);
			expect(refused).toMatchObject({ error: expect.any(String) });
			expect(services.tickets()).toEqual([
				{
					...ticket('alert-8', null),
					device,
					title: `Triage of ${device}: ${String(refused.error)}`,
					outcome: 'refused',
					nextStep: (refused.details as { description: string }).description,
					exitCode: null,
					output: null,
					error: refused.error,
					machineActionId: null,
				},
			]);
		}, 60_000);
	});

	describe('many devices with a summary', () => {
		it('sends one message with a line for each device, in the order given', async () => {
			const devices = [
				workstation,
				'pc-old-07.contoso.example',
				'pc-fin-015.contoso.example',
				'srv-dc-01.contoso.example',
				'srv-web-01.contoso.example',
				'no-such-device.contoso.example',
			];
			const workflowId = await publish('many-devices-summary', {
				chatUrl: services.chatUrl,
				maxWaitMinutes: 0.4,
			});
			const incident = {
				incidentId: '4711',
				devices,
				sha256: ['6e212a0db618507c44e4ec8ee7499dfef7e5767e5f8d31144df3b96fd1145caf'],
			};
			const execution = await withUnsignedScripts(
				async () => await deliver(workflowId, 'defender-incident', incident),
			);

			expect(execution.status).toBe('success');
			const [message, ...others] = services.messages() as Array<{ text: string }>;
			expect(others).toEqual([]);
			const [title, ...lines] = message.text.split('\n');
			expect(title).toBe('Incident 4711: sweep of 6 devices, 2 done');
			expect(lines).toEqual([
				`${devices[0]}: done`,
				expect.stringMatching(/^pc-old-07\.contoso\.example: refused\. .+/),
				expect.stringMatching(
					/^pc-fin-015\.contoso\.example: not finished \(Pending\), machine action [0-9a-f-]{36}$/,
				),
				`${devices[3]}: done`,
				expect.stringMatching(/^srv-web-01\.contoso\.example: no exit code\. .+operating system/),
				expect.stringMatching(/^no-such-device\.contoso\.example: refused\. .+/),
			]);
		}, 90_000);
	});

	describe('a file whose hash is looked up', () => {
		const filePath = 'C:\\Users\\Public\\Documents\\notes.txt';
		const content = Buffer.from('Grüße aus Zürich\r\n');
		const sha256 = createHash('sha256').update(content).digest('hex');
		const run = async (id: string, path: string, device = workstation) =>
			await deliver(
				await publish('file-hash-lookup', {
					ticketUrl: services.ticketUrl,
					hashLookupUrl: services.hashLookupUrl,
				}),
				'defender-file',
				{ id, computerDnsName: device, filePath: path },
			);
		const ticket = { device: workstation, filePath, reason: null };

		it('looks up the hash of the very file, and keeps the file', async () => {
			const execution = await run('file-1', filePath);

			expect(execution.status).toBe('success');
			expect(services.received).toEqual([
				{ method: 'GET', path: `/api/files/${sha256}`, body: undefined },
				{
					method: 'POST',
					path: '/api/tickets',
					body: {
						...ticket,
						title: `${filePath} on ${workstation}: unknown`,
						alertId: 'file-1',
						verdict: 'unknown',
						sha256,
						fileName: 'notes.txt',
						fileSize: content.length,
						machineActionId: anId,
					},
				},
			]);
			const [item] = execution.items('Get file');
			expect(await testBed.client.binary(item.binary?.data.id ?? '')).toEqual(content);
		}, 60_000);

		it('puts the verdict of the lookup into the ticket', async () => {
			services.know(sha256, 'malicious');
			await run('file-2', filePath);

			expect(services.tickets()).toEqual([
				{
					...ticket,
					title: `${filePath} on ${workstation}: malicious`,
					alertId: 'file-2',
					verdict: 'malicious',
					sha256,
					fileName: 'notes.txt',
					fileSize: content.length,
					machineActionId: anId,
				},
			]);
		}, 60_000);

		it('says why there is no file', async () => {
			const missing = 'C:\\Temp\\gone.exe';
			await run('file-3', missing);
			await run('file-4', filePath, 'pc-old-07.contoso.example');

			const none = { sha256: null, fileName: null, fileSize: null, verdict: 'no file' };
			expect(services.received).toEqual([
				{
					method: 'POST',
					path: '/api/tickets',
					body: {
						...none,
						title: `${missing} on ${workstation}: no file`,
						alertId: 'file-3',
						device: workstation,
						filePath: missing,
						reason: expect.stringContaining('was not found'),
						machineActionId: anId,
					},
				},
				{
					method: 'POST',
					path: '/api/tickets',
					body: {
						...none,
						title: `${filePath} on pc-old-07.contoso.example: no file`,
						alertId: 'file-4',
						device: 'pc-old-07.contoso.example',
						filePath,
						reason: expect.stringMatching(/.+/),
						machineActionId: null,
					},
				},
			]);
		}, 90_000);
	});

	async function tellEnded(): Promise<void> {
		const { actions, machines } = testBed.emulator.tenant;
		const machineId = machines.add({ computerDnsName: chatty });
		const failed = (scriptName: string) => ({
			type: 'RunScript' as const,
			scriptName,
			transcript: { exitCode: 1, output: 'Half done\n', errors: 'Access is denied.\n' },
		});
		actions.add({ machineId, createdSecondsAgo: 3600, commands: [failed('before.ps1')] });
		const workflowId = await publish('ended-to-chat', { chatUrl: slowServices.chatUrl });
		actions.add({
			machineId,
			createdSecondsAgo: 60,
			commands: [
				failed('fails.ps1'),
				{ type: 'GetFile', path: 'C:\\Temp\\report.csv', content: 'time,event\r\n' },
			],
		});
		actions.add({
			machineId,
			status: 'Failed',
			createdSecondsAgo: 50,
			commands: [
				{
					type: 'RunScript',
					scriptName: 'unsigned.ps1',
					status: 'Failed',
					errors: ['The script is not signed.'],
				},
			],
		});
		await testBed.emulator.settled();
		const messages = () =>
			(slowServices.messages() as Array<{ text: string }>)
				.map(({ text }) => text)
				.filter((text) => text.includes(chatty));
		await until(() => messages().length >= 3, 'three messages in the chat', 150);
		expect(messages().sort()).toEqual(
			[
				`fails.ps1 on ${chatty}: exit code 1\nHalf done\nAccess is denied.`,
				`C:\\Temp\\report.csv on ${chatty}: Completed (Succeeded)`,
				expect.stringMatching(/^RunScript on .+: Failed \(Failed\)\n.*not signed/),
			].sort(),
		);
		await testBed.client.deactivate(workflowId);
	}

	async function sleepAndAnswer(): Promise<void> {
		const { id, computerDnsName: laptop } = offlineDevice('laptop-4.contoso.example');
		const file = exampleWith('offline-device', {
			ticketUrl: slowServices.ticketUrl,
			scriptName: 'no-output.ps1',
			lookEverySeconds: 66,
		});
		const webhook = file.nodes.find(({ name }) => name === 'Alert');
		webhook!.parameters.path = 'defender-asleep';
		const workflowId = await publishFile({ ...file, name: 'Asleep' });
		const alert = { id: 'offline-3', computerDnsName: laptop };
		const executionId = await send(workflowId, 'defender-asleep', alert);
		const isWaiting = async () => (await testBed.client.status(executionId)) === 'waiting';
		await until(isWaiting, 'the execution to sleep', 60);
		testBed.emulator.tenant.machines.change(id, { online: true });
		const calls = looksAt(id).filter(({ url }) => /[0-9a-f]$/.test(url)).length;

		const execution = await testBed.client.finished(executionId, 170);

		expect(execution.status).toBe('success');
		expect(execution.stored.data.resultData.runData.Look).toHaveLength(1);
		// The look and the transcript's action. Other tests may have made tokens expire.
		const read = looksAt(id).filter(({ url, status }) => /[0-9a-f]$/.test(url) && status !== 401);
		expect(read.slice(calls)).toHaveLength(2);
		expect(slowServices.tickets()).toMatchObject([{ status: 'Succeeded', exitCode: 0 }]);
	}

	describe('a device that is offline', () => {
		const start = async (
			id: string,
			device: string,
			settings: Parameters<typeof exampleWith>[1],
		) => {
			const workflowId = await publish('offline-device', {
				ticketUrl: services.ticketUrl,
				...settings,
			});
			return await send(workflowId, 'defender-offline-device', { id, computerDnsName: device });
		};

		it('is looked at until it has come back and answered', async () => {
			const { id, computerDnsName: laptop } = offlineDevice('laptop-2.contoso.example');
			const executionId = await start('offline-1', laptop, {
				scriptName: 'exit-323.ps1',
				lookEverySeconds: 2,
			});
			await until(() => looksAt(id).length >= 2, 'two looks at the machine action', 60);
			expect(services.received).toEqual([]);

			testBed.emulator.tenant.machines.change(id, { online: true });
			const execution = await testBed.client.finished(executionId);

			expect(execution.status).toBe('success');
			expect(services.tickets()).toEqual([
				{
					title: `exit-323.ps1 on ${laptop}: Succeeded`,
					alertId: 'offline-1',
					device: laptop,
					status: 'Succeeded',
					exitCode: 323,
					output: 'hash mismatch',
					error: null,
					report: null,
					reason: null,
					machineActionId: anId,
				},
			]);
			expect(testBed.emulator.tenant.machines.runsOf(id, 'exit-323.ps1')).toBe(1);
		}, 90_000);

		it('gets a ticket when it does not come back', async () => {
			const { id, computerDnsName: laptop } = offlineDevice('laptop-3.contoso.example');
			const executionId = await start('offline-2', laptop, { lookEverySeconds: 1 });
			await until(() => looksAt(id).length >= 1, 'a look at the machine action', 60);
			testBed.emulator.advance(2 * 3600);
			await testBed.client.finished(executionId);

			expect(services.tickets()).toEqual([
				{
					title: `triage.ps1 on ${laptop}: TimeOut`,
					alertId: 'offline-2',
					device: laptop,
					status: 'TimeOut',
					exitCode: null,
					output: null,
					error: null,
					report: null,
					reason: expect.stringMatching(/.+/),
					machineActionId: anId,
				},
			]);
		}, 90_000);
	});

	describe('beside all of them', () => {
		it(
			'ended live responses are told in the chat once each, without those from before',
			async () => await endedToChat,
			4 * minutes,
		);

		it(
			'waiting for a device costs n8n nothing: the execution sleeps in the database and goes on',
			async () => await asleep,
			4 * minutes,
		);
	});
});
