/** One workflow over several tenants, and Stop: what only a real n8n shows, with its database. */
import { setTimeout as sleep } from 'node:timers/promises';

import { contosoMachineId, startEmulator, type Emulator } from '../../emulator/emulator.mts';
import { harshInRealTime } from '../../emulator/profiles.mts';
import { inARow, onItems, type Step } from '../../playground/n8n/workflowFile.mts';
import { credentialType, liveResponse, signedInBy } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';
import { until } from '../support/until.mts';
import { nodeName, openTestBed, type TestBed } from './testBed.mts';

const minutes = 60_000;
const device = contosoMachineId('pc-fin-014.contoso.example');
const limits = { callsPerMinute: 10_000, callsPerHour: 100_000 };
const ofItems = 'The tenant of each item';

const runScript = (scriptName: string, machineId = device): Step =>
	liveResponse(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(machineId),
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

describe('Stop', () => {
	let testBed: TestBed;

	beforeAll(async () => {
		testBed = await openTestBed({
			emulator: {
				limits: { ...limits, runsPerMinute: 1000 },
				deviceLookup: { passingNotFound: 0 },
			},
		});
		const { client, emulator } = testBed;
		await client.saveCredential(credentialType, ofItems, { ...emulator.credential });
	}, minutes);

	afterAll(async () => await testBed?.stop());

	const starts = () => testBed.emulator.requests.matching(/runliveresponse/).length;

	/** Forty devices, two of them every two seconds. */
	const batches = (): Step =>
		liveResponse(
			{
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: byId('={{ $json.device }}'),
				scriptName: byId('no-output.ps1'),
				waitForCompletion: false,
				options: { batching: { batch: { batchSize: 2, batchInterval: 2000 } } },
			},
			signedInBy(ofItems),
		);

	const devices = () =>
		Array.from({ length: 40 }, (_, at) => {
			const computerDnsName = `stop-${at}-${starts()}.contoso.example`;
			return { device: testBed.emulator.tenant.machines.add({ computerDnsName }) };
		});

	async function stopAfterFirstStart(workflowId: string) {
		const before = starts();
		const executionId = await testBed.client.start(workflowId);
		await until(() => starts() > before, 'the first start', 60);
		await testBed.client.stop(executionId);
		// What was on its way, and the next look at the execution above.
		await sleep(2500);
		const atStop = starts();
		await sleep(8000);
		expect(starts()).toBe(atStop);
		expect(atStop - before).toBeLessThan(12);
	}

	it(
		'starts nothing more',
		async () => {
			const file = onItems('Stopped', devices(), [batches()]);
			await stopAfterFirstStart(await testBed.client.saveWorkflow(file));
		},
		2 * minutes,
	);

	it(
		'of a workflow starts nothing more in its sub-workflow',
		async () => {
			const trigger: Step = {
				name: 'When Executed by Another Workflow',
				type: 'n8n-nodes-base.executeWorkflowTrigger',
				typeVersion: 1.1,
				parameters: { inputSource: 'passthrough' },
			};
			const childId = await testBed.client.saveWorkflow(inARow('Child', [trigger, batches()]));
			await testBed.client.activate(childId);
			const call: Step = {
				name: 'Execute Workflow',
				type: 'n8n-nodes-base.executeWorkflow',
				typeVersion: 1.2,
				parameters: {
					workflowId: { __rl: true, mode: 'id', value: childId },
					options: { waitForSubWorkflow: true },
				},
			};
			await stopAfterFirstStart(
				await testBed.client.saveWorkflow(onItems('Parent', devices(), [call])),
			);
		},
		2 * minutes,
	);
});
