/** The fields of the trigger: what starts the workflow, what is refused, and the editor's test. */
import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';

import { markedComment } from '../../nodes/DefenderLiveResponse/domain/marker';
import { keyDigest, ownWorkflow } from '../../nodes/DefenderLiveResponse/runs/runMarker';
import { contosoMachineId } from '../../emulator/emulator.mts';
import { runNode } from '../support/engine.mts';
import { StoredCredential } from '../support/storedCredential.mts';
import { testInEditor } from '../support/triggerOnEngine.mts';
import { FINANCE, idsOf, SERVER, TRAVEL, TriggerTenant } from './triggerTenant.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

let tenant: TriggerTenant;

beforeAll(async () => {
	tenant = await TriggerTenant.open();
});

afterAll(async () => await tenant.emulator.stop());

beforeEach(async () => await tenant.reset());

const locator = (mode: string, value: string) => ({ __rl: true, mode, value });

const triage = [{ type: 'RunScript' as const, value: 'triage.ps1' }];
const wholeSession = [
	{ type: 'PutFile' as const, value: 'tool.exe' },
	{ type: 'RunScript' as const, value: 'minidump.ps1' },
	{ type: 'GetFile' as const, value: 'C:\\Users\\Public\\Documents\\notes.txt' },
];

/** Four live responses that end under a trigger with these fields; the names of those that start it. */
async function started(parameters: object): Promise<string[]> {
	const trigger = tenant.trigger({ parameters: { includeResults: false, ...parameters } });
	await trigger.activate();
	const { actions } = tenant.emulator.tenant;
	const cancelled = tenant.start('hello.sh', TRAVEL);
	const names: Record<string, string> = {
		[tenant.start(triage, FINANCE)]: 'triage',
		[tenant.start(wholeSession, SERVER)]: 'session',
		[cancelled]: 'cancelled',
	};
	actions.cancel(actions.get(cancelled)!, 'analyst@contoso.example', 'Not needed');
	await tenant.end();
	names[await tenant.run('unsigned.ps1', FINANCE)] = 'failed';
	return idsOf(await trigger.poll())
		.map((id) => names[id])
		.sort();
}

describe('Filters', () => {
	it.each([
		['none', {}, ['cancelled', 'failed', 'session', 'triage']],
		['a status', { status: ['Succeeded'] }, ['session', 'triage']],
		['several statuses', { status: ['Cancelled', 'Failed'] }, ['cancelled', 'failed']],
		['statuses from an expression', { status: '={{ "failed, timeout" }}' }, ['failed']],
		['a command type', { commandType: ['GetFile'] }, ['session']],
		['a device by its id', { machineId: locator('id', contosoMachineId(SERVER)) }, ['session']],
		['a device by its name', { machineId: locator('name', SERVER.toUpperCase()) }, ['session']],
		['a script', { scriptName: locator('list', 'triage.ps1') }, ['triage']],
		['scripts', { scriptName: locator('id', 'TRIAGE.ps1, minidump.ps1') }, ['session', 'triage']],
		['a script by an expression', { scriptName: '={{ "triage.ps1" }}' }, ['triage']],
		[
			'all at once',
			{
				status: ['Failed'],
				commandType: ['RunScript'],
				machineId: locator('id', contosoMachineId(FINANCE)),
				scriptName: locator('id', 'unsigned.ps1'),
			},
			['failed'],
		],
	])('%s', async (_case, filters, names) => {
		expect(await started({ filters })).toEqual(names);
	});

	it('for a device are held by the API, and its name costs one more call', async () => {
		const machineId = contosoMachineId(TRAVEL);
		for (const [filter, calls] of [
			[locator('id', machineId), 1],
			[locator('name', TRAVEL), 2],
		] as const) {
			const parameters = { includeResults: false, filters: { machineId: filter } };
			const trigger = tenant.trigger({ parameters });
			await trigger.activate();
			tenant.calls();
			await trigger.poll();
			const made = tenant.calls();
			expect(made).toHaveLength(calls);
			expect(made.at(-1)).toContain(
				`$filter=type eq 'LiveResponse' and machineId eq '${machineId}' and (`,
			);
		}
	});

	it('that are changed do not bring up what ended before', async () => {
		const failed = { includeResults: false, filters: { status: ['Failed'] } };
		const trigger = tenant.trigger({ parameters: failed });
		await trigger.activate();
		await tenant.run('triage.ps1');
		await trigger.poll();
		const everything = { includeResults: false };
		expect(await trigger.activate('update', everything)).toEqual({ items: null });
		const next = await tenant.run('triage.ps1');
		expect(idsOf(await trigger.poll())).toEqual([next]);
	});
});

const marker = {
	...ownWorkflow({
		getInstanceId: () => Container.get(InstanceSettings).instanceId,
		getWorkflow: () => ({ id: 'w', active: true }),
	}),
	execution: '1',
	lineage: '1',
	node: 'n',
	round: 0,
	item: 0,
	fingerprint: '00ff',
	key: '',
	campaign: '',
};

describe('Idempotency Key', () => {
	/** Comments of those that start the workflow, of one that its own node has run and some by others. */
	async function started(idempotencyKey: string, includeOwnRuns = true): Promise<string[]> {
		const trigger = tenant.trigger({
			parameters: { includeResults: false, includeOwnRuns, filters: { idempotencyKey } },
		});
		await trigger.activate();
		await runNode({
			parameters: {
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: locator('id', contosoMachineId(SERVER)),
				scriptName: locator('id', 'hello.sh'),
				comment: 'by this workflow',
				waitForCompletion: false,
				options: { idempotencyKey: '={{ 924565 }}' },
			},
			credential: new StoredCredential(tenant.emulator.credential),
		});
		await tenant.end();
		for (const [text, given] of [
			['by another workflow', { workflow: 'workflow-2', key: keyDigest('924565') }],
			['by another n8n', { instance: 'another', key: keyDigest('924565') }],
			['with another key', { key: keyDigest('92456') }],
			['without a key', {}],
		] as const) {
			await tenant.run('hello.sh', FINANCE, {
				comment: markedComment(text, { ...marker, ...given }),
			});
		}
		await tenant.run('hello.sh', FINANCE, { comment: '924565' });
		const { items } = await trigger.poll();
		return (items ?? []).map(({ json }) => String(json.comment));
	}

	it.each([
		['as a text', ' 924565 '],
		['as a number of an expression', '={{ 924565 }}'],
	])('%s fits the runs that were started with it, whoever started them', async (_case, key) => {
		expect(await started(key)).toEqual([
			'by this workflow',
			'by another workflow',
			'by another n8n',
		]);
	});

	it('leaves out the own runs of the workflow like any filter', async () => {
		expect(await started('924565', false)).toEqual(['by another workflow', 'by another n8n']);
	});
});

it('Campaign Key gives the answers to a campaign once each, also to the workflow that advances it', async () => {
	const campaignKey = 'find-evil-dll';
	const trigger = tenant.trigger({
		parameters: { includeResults: false, filters: { campaignKey } },
	});
	await trigger.activate();
	const advance = async (key: string) =>
		await runNode({
			parameters: {
				...{ resource: 'campaign', operation: 'advance', campaignKey: key },
				startsAt: new Date(tenant.emulator.clock.now()).toISOString(),
				devicesFrom: 'items',
				machineId: locator('id', '={{ $json.id }}'),
				scriptName: locator('id', 'triage.ps1'),
				comment: key,
				options: {},
			},
			items: [SERVER, TRAVEL].map((name) => ({ json: { id: contosoMachineId(name) } })),
			credential: new StoredCredential(tenant.emulator.credential),
		});
	expect((await advance(campaignKey)).items[0].json).toMatchObject({ devices: 2 });
	await tenant.end(600);
	await advance('another campaign');
	// The one that waits for its device is given up: no answer.
	const { actions } = tenant.emulator.tenant;
	const waiting = actions.all.find(
		({ machineId, requestorComment }) =>
			machineId === contosoMachineId(TRAVEL) && requestorComment?.endsWith(campaignKey),
	);
	if (waiting) actions.cancel(waiting, 'n8n', 'Given up');
	await tenant.end(600);
	const { items } = await trigger.poll();
	expect((items ?? []).map(({ json }) => [json.comment, json.status])).toEqual([
		[campaignKey, 'Succeeded'],
	]);
	expect(await trigger.poll()).toEqual({ items: null });
});

describe('Started By', () => {
	const marked = markedComment('Triage', marker);

	/** Who started those that start the workflow, of five that end. */
	async function requestors(parameters: object): Promise<string[]> {
		const { clientId, displayName } = tenant.emulator.application;
		const trigger = tenant.trigger({ parameters: { includeResults: false, ...parameters } });
		await trigger.activate();
		await tenant.run('hello.sh', FINANCE);
		await tenant.run('hello.sh', FINANCE, { requestor: clientId });
		await tenant.run('hello.sh', FINANCE, { requestor: displayName });
		await tenant.run('hello.sh', FINANCE, { requestor: `${displayName} 2`, comment: marked });
		await tenant.run('hello.sh', FINANCE, { requestor: 'Other App' });
		const { items } = await trigger.poll();
		return (items ?? []).map(({ json }) =>
			String(json.requestor).replace(displayName, 'app').replace(clientId, 'id'),
		);
	}

	it.each([
		['anyone', {}, ['analyst@contoso.example', 'id', 'app', 'app 2', 'Other App']],
		['this app, by its id and the marker', { startedBy: 'thisApp' }, ['id', 'app 2']],
		[
			'this app, by its id and its name',
			{ startedBy: 'thisApp', appName: 'n8n Live Response' },
			['id', 'app'],
		],
	])('%s', async (_case, parameters, expected) => {
		expect(await requestors(parameters)).toEqual(expected);
	});
});

describe('Include Own Runs', () => {
	/** A run of the workflow that the trigger belongs to, and one of another workflow. */
	async function started(includeOwnRuns: boolean): Promise<string[]> {
		const trigger = tenant.trigger({ parameters: { includeResults: false, includeOwnRuns } });
		await trigger.activate();
		for (const workflow of ['workflow-1', 'workflow-2']) {
			const comment = markedComment(`By ${workflow}`, { ...marker, workflow });
			await tenant.run('hello.sh', FINANCE, { requestor: 'n8n', comment });
		}
		const { items } = await trigger.poll();
		return (items ?? []).map(({ json }) => String(json.comment));
	}

	it('off, a workflow is not started by what it has started itself', async () => {
		expect(await started(false)).toEqual(['By workflow-2']);
	});

	it('on, it is', async () => {
		expect(await started(true)).toEqual(['By workflow-1', 'By workflow-2']);
	});

	it('off, a workflow is not started by what its own node has started', async () => {
		const trigger = tenant.trigger({ parameters: { includeResults: false } });
		const other = tenant.trigger({
			parameters: { includeResults: false, includeOwnRuns: true },
		});
		await trigger.activate();
		await other.activate();
		const { items } = await runNode({
			parameters: {
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: locator('id', contosoMachineId(SERVER)),
				scriptName: locator('id', 'hello.sh'),
				comment: 'INC1001',
				waitForCompletion: false,
			},
			credential: new StoredCredential(tenant.emulator.credential),
		});
		await tenant.end();
		expect(await trigger.poll()).toEqual({ items: null });
		const delivered = await other.poll();
		expect(delivered.items!.map(({ json }) => [json.machineActionId, json.comment])).toEqual([
			[items[0].json.machineActionId, 'INC1001'],
		]);
	});

	it('on, does not bring up what it left out before', async () => {
		const parameters = { includeResults: false };
		const trigger = tenant.trigger({ parameters });
		await trigger.activate();
		const comment = markedComment('', { ...marker, workflow: 'workflow-1' });
		await tenant.run('hello.sh', FINANCE, { comment });
		const changed = { ...parameters, includeOwnRuns: true };
		expect(await trigger.activate('update', changed)).toEqual({ items: null });
	});

	it('off, a workflow that runs a script on each result comes to an end', async () => {
		const trigger = tenant.trigger();
		await trigger.activate();
		await tenant.run('triage.ps1', FINANCE);
		let rounds = 0;
		for (let poll = 0; poll < 5; poll++) {
			const { items } = await trigger.poll();
			if (items === null) continue;
			rounds++;
			const comment = markedComment('Follow-up', { ...marker, workflow: 'workflow-1' });
			await tenant.run('triage.ps1', FINANCE, { comment });
		}
		expect(rounds).toBe(1);
	});
});

describe('Include Results off', () => {
	it('gives a simple item an action', async () => {
		const trigger = tenant.trigger({ parameters: { includeResults: false } });
		await trigger.activate();
		await tenant.run(wholeSession);
		const { items } = await trigger.poll();
		expect(items).toHaveLength(1);
		expect(items![0].json).toMatchObject({
			finished: true,
			commands: [{ name: 'tool.exe' }, { name: 'minidump.ps1' }, { type: 'GetFile' }],
		});
	});

	it("gives the API's own object without Simplify", async () => {
		const trigger = tenant.trigger({ parameters: { includeResults: false, simplify: false } });
		await trigger.activate();
		const id = await tenant.run();
		const { items } = await trigger.poll();
		expect(items![0].json).toMatchObject({ id, errorHResult: 0, requestSource: 'PublicApi' });
	});
});

describe('what cannot be right is refused before any call', () => {
	const notAText = /Its value is an object/;

	it.each([
		['an object as statuses', { status: {} }, "'Status' is not text", notAText],
		['an object among them', { status: [{}] }, "'Status' is not text", notAText],
		['an object as a key', { idempotencyKey: {} }, "'Idempotency Key' is not text", notAText],
		['an object as scripts', { scriptName: { mode: 'id' } }, "'Script' is not text", notAText],
		['a number as a type', { commandType: 5 }, "'Command Type' has an unknown value", /GetFile/],
	])('%s', async (_case, filters, message, description) => {
		const error: unknown = await tenant
			.trigger({ parameters: { filters } as INodeParameters })
			.activate()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ message, description: expect.stringMatching(description) });
		expect(tenant.calls()).toEqual([]);
	});

	it.each([
		['an item', { filters: { status: '={{ $json.status }}' } }],
		['an item, in a part of a text', { filters: { idempotencyKey: '=alert-{{ $json.id }}' } }],
		['an item, in a locator', { filters: { machineId: locator('id', '={{ $json.id }}') } }],
		['its input', { filters: { scriptName: '={{ $input.first().json.name }}' } }],
		['another node', { includeOwnRuns: "={{ $('Set').item.json.own }}" }],
	])('an expression over %s, which a trigger does not have', async (_case, parameters) => {
		const error: unknown = await tenant
			.trigger({ parameters })
			.activate()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			message:
				'A field of this trigger is an expression that uses $json, and a trigger has no items',
			description: expect.stringContaining('Enter a fixed value') as string,
			context: { details: { code: 'invalidInput' } },
		});
		expect(tenant.calls()).toEqual([]);
	});

	it('not a condition that says nothing', async () => {
		const filters = { status: null, commandType: [], scriptName: '', machineId: null };
		const trigger = tenant.trigger({ parameters: { filters } as unknown as INodeParameters });
		await trigger.activate();
		const id = await tenant.run();
		expect(idsOf(await trigger.poll())).toEqual([id]);
	});

	it.each([
		['a status', { status: ['Pending'] }, "'Status' has an unknown value", /Cancelled, Failed/],
		['a type', { commandType: ['Run'] }, "'Command Type' has an unknown value", /GetFile, PutFile/],
	])('%s', async (_case, filters, message, description) => {
		const error: unknown = await tenant
			.trigger({ parameters: { filters } })
			.activate()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ message, description: expect.stringMatching(description) });
		expect(tenant.calls()).toEqual([]);
	});

	it('a device that does not exist', async () => {
		const filters = { machineId: locator('name', 'nowhere.contoso.example') };
		await expect(tenant.trigger({ parameters: { filters } }).activate()).rejects.toThrow(
			'No device has this DNS name',
		);
	});
});

describe("the editor's test", () => {
	it('shows the last one that has ended, and remembers nothing', async () => {
		tenant.start('slow.ps1', FINANCE);
		await tenant.run('triage.ps1', SERVER);
		const last = await tenant.run('hello.sh', SERVER);
		tenant.start('triage.ps1', TRAVEL);
		tenant.calls();
		const { items, status, staticData } = await testInEditor(
			tenant.setUp({ parameters: { includeResults: false } }),
		);
		expect(status).toBe('success');
		expect(idsOf({ items })).toEqual([last]);
		expect(staticData).toEqual({});
		expect(tenant.calls()).toEqual([
			`GET /api/machineactions?$filter=type eq 'LiveResponse' and (status eq 'Cancelled' or status eq 'Failed' or status eq 'Succeeded' or status eq 'TimeOut')&${tenant.newestQuery(100)}`,
		]);
	});

	it('shows it with its results', async () => {
		await tenant.run('triage.ps1', FINANCE);
		const { items } = await testInEditor(tenant.setUp());
		expect(items[0].json).toMatchObject({
			status: 'Succeeded',
			script_name: 'triage.ps1',
			exit_code: 0,
		});
	});

	it('holds to the filters', async () => {
		const failed = await tenant.run('unsigned.ps1', SERVER);
		await tenant.run('triage.ps1', FINANCE);
		const { items } = await testInEditor(
			tenant.setUp({ parameters: { includeResults: false, filters: { status: ['Failed'] } } }),
		);
		expect(idsOf({ items })).toEqual([failed]);
	});

	it('says what to do when none fits', async () => {
		const { error } = await testInEditor(
			tenant.setUp({ parameters: { filters: { scriptName: locator('id', 'nothing.ps1') } } }),
		);
		expect(error).toMatchObject({
			message: 'No live response that has ended matches the fields of this trigger',
			description: expect.stringMatching(/filters/),
		});
	});
});
