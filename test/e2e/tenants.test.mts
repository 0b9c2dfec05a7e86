/** One workflow over several tenants: what only a real n8n shows, with its database. */
import { contosoMachineId, startEmulator, type Emulator } from '../../emulator/emulator.mts';
import { harshInRealTime } from '../../emulator/profiles.mts';
import { onItems, type Step } from '../../playground/n8n/workflowFile.mts';
import { credentialType, liveResponse, signedInBy } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';
import { nodeName, openTestBed, type TestBed } from './testBed.mts';

const minutes = 60_000;
const device = contosoMachineId('pc-fin-014.contoso.example');
const limits = { callsPerMinute: 10_000, callsPerHour: 100_000 };
const ofItems = 'The tenant of each item';

const runScript = (scriptName: string): Step =>
	liveResponse(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(device),
			scriptName: byId(scriptName),
			options: { pollIntervalSeconds: 1 },
		},
		signedInBy(ofItems),
	);

describe('a workflow over several tenants', () => {
	let testBed: TestBed;
	let a: Emulator;
	let b: Emulator;
	let credentialId: string;

	const itemsOf = (...tenants: Emulator[]) =>
		tenants.map(({ credential }) => ({ tenant: credential.tenantId }));
	const runsOf = (scriptName: string) =>
		[a, b].map(({ tenant }) => tenant.machines.runsOf(device, scriptName));

	const values = () => ({
		...a.credential,
		tenantId: '={{ $json.tenant }}',
		downloadHosts: [a, b].map(({ credential }) => credential.downloadHosts).join(','),
	});

	async function execute(name: string, items: Array<{ tenant: string }>, scriptName: string) {
		const file = onItems(`${name} ${a.apiUrl}`, items, [runScript(scriptName)]);
		return await testBed.client.run(await testBed.client.saveWorkflow(file), {
			timeoutSeconds: 120,
		});
	}

	beforeAll(async () => {
		const emulator = { limits, deviceLookup: { passingNotFound: 0 }, timeScale: 5 };
		testBed = await openTestBed({ emulator });
		a = testBed.emulator;
		b = await startEmulator({ ...harshInRealTime, ...emulator, beside: a });
		credentialId = await testBed.client.saveCredential(credentialType, ofItems, values());
	}, minutes);

	afterAll(async () => {
		await b?.stop();
		await testBed?.stop();
	});

	it(
		'runs each script in the tenant of its item, in one run over two',
		async () => {
			const execution = await execute('One run', itemsOf(a, b), 'triage.ps1');
			expect(
				execution.json(nodeName).map(({ tenantId, exit_code }) => [tenantId, exit_code]),
			).toEqual(itemsOf(a, b).map(({ tenant }) => [tenant, 0]));
			expect(runsOf('triage.ps1')).toEqual([1, 1]);
		},
		3 * minutes,
	);

	it(
		'runs each script in the tenant of its item: A, B and A in one run after the other',
		async () => {
			for (const [at, tenant] of [a, b, a].entries()) {
				const execution = await execute(`Run ${at}`, itemsOf(tenant), 'no-output.ps1');
				expect(execution.status).toBe('success');
			}
			expect(runsOf('no-output.ps1')).toEqual([2, 1]);
		},
		3 * minutes,
	);

	it('has stored no token, nor a tenant in the place of the expression', async () => {
		const answer = await testBed.client.testCredential(credentialId, credentialType, values());
		expect(answer).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('the test has no item to resolve it with'),
		});
	});

	it('tests what is in the form', async () => {
		const test = async (fields: object) =>
			await testBed.client.testCredential(credentialId, credentialType, {
				...a.credential,
				...fields,
			});
		expect(await test({})).toMatchObject({ status: 'OK' });
		expect(await test({ clientSecret: 'wrong' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('(AADSTS7000215)'),
		});
	});
});
