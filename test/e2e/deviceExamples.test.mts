/** The examples that isolate, gather evidence, and begin with an incident of Sentinel, as a user imports them. */
import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

import { contosoMachineId } from '../../emulator/emulator.mts';
import { saveAlertSource, saveServiceCredentials } from '../../playground/exampleCredentials.mts';
import { exampleWith, lookingOften, withLibraryScript } from '../../playground/examples.mts';
import { startFakeServices, type FakeServices } from '../../playground/fakeServices.mts';
import type { FinishedExecution } from '../../playground/n8n/execution.mts';
import type { WorkflowFile } from '../../playground/n8n/workflowFile.mts';
import { credentialName, credentialType } from '../../playground/packageNodes.mts';
import { openTestBed, type TestBed } from './testBed.mts';

const minutes = 60_000;
const workstation = 'pc-fin-014.contoso.example';
const server = 'srv-web-01.contoso.example';

let testBed: TestBed;
let services: FakeServices;
/** Of what takes a minute beside the other tests: two links to packages a minute is all there are. */
let storage: FakeServices;
let gathered: Promise<void>;

beforeAll(async () => {
	services = await startFakeServices();
	storage = await startFakeServices();
	testBed = await openTestBed({ emulator: { timeScale: 20 } });
	const { client, emulator } = testBed;
	await saveAlertSource(client);
	await saveServiceCredentials(client, services);
	await client.saveCredential(credentialType, credentialName, { ...emulator.credential });
	gathered = gatherEvidence();
	gathered.catch(() => undefined);
});

beforeEach(() => services.clear());

afterAll(async () => {
	await Promise.allSettled([gathered]);
	await testBed?.stop();
	await services?.stop();
	await storage?.stop();
}, 3 * minutes);

async function publish(file: WorkflowFile): Promise<string> {
	const workflowId = await testBed.client.saveWorkflow(lookingOften(file));
	await testBed.client.activate(workflowId);
	return workflowId;
}

/** Sends all of them at once. @returns their executions, which have succeeded */
async function deliver(
	workflowId: string,
	path: string,
	alerts: object[],
): Promise<FinishedExecution[]> {
	const ids: string[] = [];
	for (const alert of alerts) ids.push(await testBed.client.deliver(workflowId, path, alert));
	const executions = await Promise.all(
		ids.map(async (id) => await testBed.client.finished(id, 120)),
	);
	for (const { status, errorMessage } of executions) {
		expect([status, errorMessage]).toEqual(['success', undefined]);
	}
	return executions;
}

async function gatherEvidence(): Promise<void> {
	const { storageUrl, recordUrl } = storage;
	const workflowId = await publish(exampleWith('evidence-with-hashes', { storageUrl, recordUrl }));
	const notes = 'C:\\Users\\Public\\Documents\\notes.txt';
	const missing = 'C:\\Temp\\gone.exe';
	const evidence = {
		caseId: 'case-17',
		analyst: 'm.rossi@contoso.example',
		computerDnsName: workstation,
		files: [notes, missing],
	};
	await deliver(workflowId, 'defender-evidence', [evidence]);
	await deliver(workflowId, 'defender-evidence', [evidence]);

	const stored = new Map(
		storage.received
			.filter(({ method }) => method === 'PUT')
			.map(({ path, body }) => [path.split('/').at(-1), body as Buffer]),
	);
	expect(stored.size).toBe(2);
	for (const [sha256, bytes] of stored) {
		expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
	}
	const records = storage.posted(/records/) as Array<{ evidence: IDataObject[] }>;
	expect(records).toEqual([
		{
			caseId: 'case-17',
			analyst: 'm.rossi@contoso.example',
			recordedAt: expect.stringMatching(/Z$/),
			device: workstation,
			evidence: [
				expect.objectContaining({
					type: 'CollectInvestigationPackage',
					machineId: contosoMachineId(workstation),
					requestor: expect.stringMatching(/.+/),
					collectedAt: expect.stringMatching(/Z$/),
					fileName: expect.stringMatching(/\.zip$/),
					reason: null,
				}),
				expect.objectContaining({ type: 'GetFile', filePath: notes, reason: null }),
				expect.objectContaining({
					type: 'GetFile',
					filePath: missing,
					sha256: null,
					reason: expect.stringContaining('was not found'),
				}),
			],
		},
	]);
	const [{ evidence: parts }] = records;
	for (const { sha256, fileSize } of parts.slice(0, 2)) {
		expect(stored.get(String(sha256))).toHaveLength(Number(fileSize));
	}
}

it(
	'a device is isolated, and released only when nothing was found on it',
	async () => {
		const { library, machines, actions } = testBed.emulator.tenant;
		library.add({
			fileName: 'look.ps1',
			behaviour: ({ args }) => {
				const { paths } = JSON.parse(Buffer.from(args, 'base64').toString()) as {
					paths: string[];
				};
				return { output: JSON.stringify({ hits: paths.map((path) => ({ path })) }) };
			},
		});
		const [clean, infected] = ['pc-clean.contoso.example', 'pc-infected.contoso.example'];
		const [cleanId, infectedId] = [clean, infected].map((computerDnsName) =>
			machines.add({ computerDnsName }),
		);
		const example = exampleWith('isolate-and-triage', { ticketUrl: services.ticketUrl });
		const workflowId = await publish(withLibraryScript(example, 'look.ps1'));
		const sha256 = ['ab'.repeat(32)];
		const alerts = [
			{ id: 'isolate-1', machineId: cleanId, computerDnsName: clean, sha256 },
			{ id: 'isolate-2', computerDnsName: infected, paths: ['C:\\evil.exe'] },
			{ id: 'isolate-3', computerDnsName: 'no-such-device.contoso.example', sha256 },
		];
		await deliver(workflowId, 'defender-isolate', alerts);
		await deliver(workflowId, 'defender-isolate', alerts.slice(0, 2));

		const tickets = services.tickets() as Array<{ alertId: string }>;
		expect(tickets.sort((a, b) => a.alertId.localeCompare(b.alertId))).toEqual([
			{
				title: `${clean}: released`,
				alertId: 'isolate-1',
				device: clean,
				state: 'released',
				reason: 'None of the files is there.',
			},
			{
				title: `${infected}: still isolated`,
				alertId: 'isolate-2',
				device: infected,
				state: 'still isolated',
				reason: 'Found C:\\evil.exe',
			},
			expect.objectContaining({
				alertId: 'isolate-3',
				state: 'not isolated',
				reason: expect.stringContaining('No device has this DNS name.'),
			}),
		]);
		// The tenant holds the newest first.
		const typesOn = (id: string) =>
			actions.all
				.filter(({ machineId }) => machineId === id)
				.map(({ type }) => type)
				.reverse();
		expect(typesOn(cleanId)).toEqual(['Isolate', 'LiveResponse', 'Unisolate']);
		expect(typesOn(infectedId)).toEqual(['Isolate', 'LiveResponse']);
	},
	3 * minutes,
);

it(
	'each device of a Sentinel incident becomes one Jira issue and one message in Teams, however often the incident is sent',
	async () => {
		testBed.emulator.configure({ scripts: { allowsUnsigned: true } });
		const workflowId = await publish(exampleWith('sentinel-to-jira', {}));
		const host = (properties: object) => ({ kind: 'Host', properties });
		const [hostName, ...domain] = server.split('.');
		const incident = {
			objectSchemaType: 'Incident',
			object: {
				properties: {
					incidentNumber: 4711,
					title: 'Odd sign-in',
					severity: 'High',
					incidentUrl: 'https://portal.example.com/4711',
					relatedEntities: [
						{ kind: 'Account', properties: { accountName: 'm.rossi' } },
						host({
							hostName: 'renamed',
							osFamily: 'Windows',
							additionalData: { MdatpDeviceId: contosoMachineId(workstation) },
						}),
						host({ hostName, dnsDomain: domain.join('.'), osFamily: 'Linux' }),
					],
				},
			},
		};
		await deliver(workflowId, 'sentinel-incident', [incident]);
		await deliver(workflowId, 'sentinel-incident', [incident]);

		const issues = services.posted(/issue$/) as Array<{ fields: IDataObject }>;
		expect(issues.map(({ fields }) => fields.summary).sort()).toEqual([
			'Triage of renamed: exit code 0',
			`Triage of ${server}: exit code 0`,
		]);
		for (const { fields } of issues) {
			expect(fields).toMatchObject({
				project: { id: '10000' },
				issuetype: { id: '10001' },
				description: expect.stringMatching(
					/^Sentinel incident 4711, High: Odd sign-in\n[^]*\{noformat\}\n\{"hostname":/,
				),
			});
		}
		const messages = services.posted(/channels/) as Array<{ body: { content: string } }>;
		expect(messages.map(({ body }) => body.content).sort()).toEqual([
			expect.stringMatching(/^Sentinel incident 4711: SEC-1 has the triage of .+/),
			expect.stringMatching(/^Sentinel incident 4711: SEC-2 has the triage of .+/),
		]);
	},
	3 * minutes,
);

it(
	'package and files are stored under their hashes, and one record names every byte',
	async () => await gathered,
	3 * minutes,
);
