/** What a device can be asked to do beside live responses: asked once, told as what it is. */
import type { NewAction } from '../../../emulator/tenant/machineActions.mts';
import { callTool, type AgentKind } from '../../support/agentOnEngine.mts';
import { ConnectedUser } from '../../support/connectedUser.mts';
import { runNode, type NodeRun } from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { until } from '../../support/until.mts';
import { deviceActions, type DeviceActionRow } from '../deviceActions.mts';
import {
	credential,
	emulator,
	node,
	restartProcess,
	tenantForAllTests,
} from '../../support/testBed.mts';
import { byId } from '../../support/resourceLocator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const NAME = 'pc-own.contoso.example';

/** Each test has a device of its own. */
let device: string;

tenantForAllTests({
	deviceLookup: { passingNotFound: 0 },
	signIn: { tokensWithoutRoles: 0 },
	limits: { callsPerMinute: 10_000, callsPerHour: 100_000 },
});

beforeEach(() => {
	device = emulator.tenant.machines.add({ computerDnsName: NAME });
});

const run = async (
	{ operation, parameters }: DeviceActionRow,
	more: object = {},
	run: Partial<NodeRun> = {},
) =>
	await runNode({
		parameters: {
			resource: 'machine',
			operation,
			machineId: byId(device),
			comment: 'Alert 4711',
			waitForCompletion: false,
			options: {},
			...parameters,
			...more,
		},
		credential,
		node,
		...run,
	});

const waits = { waitForCompletion: true };
const made = ({ type }: DeviceActionRow) =>
	emulator.tenant.actions.all.filter(
		(action) => action.type === type && action.machineId === device,
	);
const asked = ({ path }: DeviceActionRow) =>
	emulator.requests.matching(new RegExp(`POST /api/machines/[^/]+/${path}$`));

/** The same of somebody else, or what is otherwise. */
const startElsewhere = ({ type, shownAs }: DeviceActionRow, more: Partial<NewAction> = {}) =>
	emulator.tenant.actions.start({
		type,
		device: emulator.tenant.machines.get(device)!,
		commands: [],
		comment: 'Started by somebody else',
		externalId: null,
		requestor: 'analyst@contoso.example',
		...shownAs,
		...more,
	});

/** While the app registration has all permissions but one; tokens that it has already lose it too. */
async function withoutPermission<T>(permission: string, work: () => Promise<T>): Promise<T> {
	emulator.application.removeRole(permission);
	try {
		return await work();
	} finally {
		emulator.application.grantRole(permission);
	}
}

/** As somebody who has signed in with all permissions but one. */
async function asUserWithout<T>(
	permission: string,
	work: (user: [parameters: object, run: Partial<NodeRun>]) => Promise<T>,
): Promise<T> {
	const { application } = emulator;
	const { scopes } = application;
	application.scopes = scopes.filter((scope) => scope !== permission);
	try {
		const user = await ConnectedUser.connect(emulator.oAuth2Credential);
		return await work([{ authentication: 'oAuth2' }, { credential: user }]);
	} finally {
		application.scopes = scopes;
	}
}

const lacks = (message: string, description: string) => ({
	httpCode: '403',
	message: expect.stringContaining(message) as string,
	description: expect.stringContaining(description) as string,
	context: { details: { code: 'permissionMissing' } },
});

const appLacks = (permission: string) =>
	lacks(
		`The app registration may not do this: it needs ${permission}.`,
		`Application permissions, add ${permission}, then choose 'Grant admin consent'`,
	);

const userLacks = (permission: string, role: string) =>
	lacks(`The signed-in user may not do this: it needs ${permission}.`, `a role with ${role}.`);

describe.each(deviceActions.map((row) => [row.operation, row] as const))('%s', (_name, row) => {
	it('asks the device for it, and gives the machine action at once', async () => {
		const { items } = await run(row);
		expect(asked(row).map(({ body }) => JSON.parse(String(body)) as object)).toEqual([
			{ ...row.body, Comment: expect.stringMatching(/^\[n8n .*\] Alert 4711$/) as string },
		]);
		expect(items.map(({ json }) => json)).toEqual([
			{
				machineActionId: made(row)[0].id,
				type: row.type,
				status: 'Pending',
				finished: false,
				machineId: device,
				computerDnsName: NAME,
				requestor: 'n8n Live Response',
				comment: 'Alert 4711',
				creationDateTimeUtc: expect.any(String) as string,
				lastUpdateDateTimeUtc: expect.any(String) as string,
				commands: [],
			},
		]);
	});

	it('Get Many of machine actions finds it by its type', async () => {
		const id = emulator.tenant.actions.add({ type: row.type, machineId: device });
		const { items } = await runNode({
			parameters: {
				resource: 'machineAction',
				operation: 'getAll',
				returnAll: true,
				filters: { type: [row.type], machineId: byId(device) },
				options: {},
			},
			credential,
			node,
		});
		expect(items.map(({ json }) => json.machineActionId)).toEqual([id]);
	});

	it('with Wait for Completion gives it when it has ended', async () => {
		const { items } = await run(row, waits);
		expect(items[0].json).toMatchObject({ type: row.type, status: 'Succeeded', finished: true });
	});

	it.each([
		['a lost answer', { kind: 'lostAnswer' }],
		['an empty answer', { kind: 'emptyBody' }],
		['a refused call', { kind: 'tooManyRequests' }],
	] as const)('after %s there is one machine action', async (_case, fault) => {
		emulator.faults.order({ ...fault, path: new RegExp(`/${row.path}$`) });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { items, status } = await run(row, waits, { settings });
		expect(status).toBe('success');
		expect(made(row).map(({ id }) => id)).toEqual([items[0].json.machineActionId]);
	});

	it('the same execution that another process goes on with finds its own', async () => {
		const first = await run(row, {}, { executionId: '7' });
		restartProcess();
		const again = await run(row, {}, { executionId: '7' });
		expect(again.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(made(row)).toHaveLength(1);
	});

	it('a process that ends between the start and its answer leaves one', async () => {
		emulator.faults.order({ kind: 'lostAnswer', path: new RegExp(`/${row.path}$`) });
		let stop = () => {};
		const started = (stopRun: () => void) => {
			stop = stopRun;
		};
		const ended = run(row, {}, { executionId: '7', started });
		await until(() => made(row)[0], 'a machine action', 30);
		stop();
		restartProcess();
		const { items } = await run(row, waits, { executionId: '7' });
		expect(made(row).map(({ id }) => id)).toEqual([items[0].json.machineActionId]);
		await ended;
	});

	it('one that is in progress already comes back as attached', async () => {
		emulator.tenant.machines.change(device, { online: false });
		const running = startElsewhere(row);
		const { items } = await run(row);
		expect(items[0].json).toMatchObject({
			machineActionId: running.id,
			requestor: 'analyst@contoso.example',
			finished: false,
			attached: true,
		});
		expect(made(row)).toHaveLength(1);
	});

	it('one that ends before it is listed is not waited for in vain', async () => {
		startElsewhere(row);
		const { items } = await run(row, waits);
		expect(items[0].json).toMatchObject({ type: row.type, status: 'Succeeded' });
	});

	it('an app without its permission is told which one is missing', async () => {
		const { error } = await withoutPermission(row.permission, async () => await run(row));
		expect(error).toMatchObject(appLacks(row.permission));
		expect(made(row)).toEqual([]);
	});

	it('a user without its permission is told that, and of the role in the portal', async () => {
		const { error } = await asUserWithout(row.permission, async (user) => await run(row, ...user));
		expect(error).toMatchObject(userLacks(row.permission, row.role));
		expect(made(row)).toEqual([]);
	});

	it.each(['agent 2.2', 'agent 3'] as AgentKind[])('is nothing that %s can do', async (kind) => {
		const { told, error } = await callTool({
			kind,
			parameters: {
				resource: 'machine',
				operation: row.operation,
				machineId: byId(device),
				options: {},
				...row.parameters,
			},
			credential,
		});
		expect(told).toContain('An AI agent cannot use this operation');
		expect(error?.context?.details).toMatchObject({ code: 'notAllowed' });
		expect(asked(row)).toEqual([]);
	});
});

it('isolate: one of the same scope is joined, however the API writes it', async () => {
	emulator.tenant.machines.change(device, { online: false });
	const running = startElsewhere(deviceActions[0], { scope: 'full' });
	const { items } = await run(deviceActions[0]);
	expect(items[0].json).toMatchObject({ machineActionId: running.id, attached: true });
});

const withOther = deviceActions.filter(({ other }) => other !== undefined);

it.each(withOther.map((row) => [row.operation, row] as const))(
	'%s: what is in progress for something else is not taken for it, but waited for',
	async (_name, row) => {
		startElsewhere(row, row.other);
		const { items } = await run(row);
		expect(items[0].json).toMatchObject({ requestor: 'n8n Live Response', comment: 'Alert 4711' });
		expect(items[0].json.attached).toBeUndefined();
	},
);

it.each(withOther.map((row) => [row.operation, row] as const))(
	'%s: what stays in progress for something else is named',
	async (_name, row) => {
		emulator.tenant.machines.change(device, { online: false });
		const running = startElsewhere(row, row.other);
		const { error } = await run(row);
		expect(error).toMatchObject({
			message: `This device is busy with machine action ${running.id}`,
			context: { details: { code: 'deviceBusy', machineActionId: running.id } },
		});
	},
);

describe('an idempotency key', () => {
	const [isolate] = deviceActions;
	const keyed = { options: { idempotencyKey: 'alert-4711' } };

	it('joins what several executions ask for', async () => {
		const first = await run(isolate, keyed, { executionId: '7' });
		const second = await run(isolate, keyed, { executionId: '8' });
		expect(second.items[0].json).toMatchObject({
			machineActionId: first.items[0].json.machineActionId,
			attached: true,
		});
		expect(made(isolate)).toHaveLength(1);
	});

	it('of an alert is good for a script and an isolation', async () => {
		const script = {
			resource: 'liveResponse',
			operation: 'runScript',
			waitForCompletion: true,
			scriptName: byId('triage.ps1'),
		};
		const { items } = await run(isolate, { ...keyed, ...script });
		expect(items[0].json).toMatchObject({ exit_code: 0 });
		const isolated = await run(isolate, keyed);
		expect(isolated.items[0].json).toMatchObject({ type: 'Isolate' });
		expect(isolated.items[0].json.attached).toBeUndefined();
	});
});

it('a device that is away is waited for, and the action cancelled in the end', async () => {
	const [isolate] = deviceActions;
	emulator.tenant.machines.change(device, { online: false });
	const { items } = await run(isolate, {
		...waits,
		options: { maxWaitMinutes: 5, cancelOnTimeout: true },
	});
	expect(items[0].json).toMatchObject({ type: 'Isolate', cancelRequested: true });
});

it('however many are waited for, an interval costs one list', async () => {
	const [isolate] = deviceActions;
	const ids = Array.from({ length: 20 }, (_, at) =>
		emulator.tenant.machines.add({ computerDnsName: `many-${at}.contoso.example` }),
	);
	const before = systemClock.now();
	const { items } = await run(
		isolate,
		{ ...waits, machineId: byId('={{ $json.id }}') },
		{ items: ids.map((id) => ({ json: { id } })) },
	);
	expect(items.map(({ json }) => json.status)).toEqual(ids.map(() => 'Succeeded'));
	const intervals = (systemClock.now() - before) / 10_000;
	expect(emulator.requests.matching(/GET \/api\/machineactions/).length).toBeLessThanOrEqual(
		intervals + 2,
	);
});

it('an answer with an action of another type is not taken for it', async () => {
	const [isolate, , scan] = deviceActions;
	const { id } = startElsewhere(scan);
	const body = { id, type: scan.type, status: 'InProgress', machineId: device, commands: [] };
	emulator.faults.order({
		kind: 'otherBody',
		status: 201,
		body: { ...body, requestor: 'analyst', requestorComment: 'Started by somebody else' },
		path: /isolate$/,
	});
	const { items } = await run(isolate);
	expect(items[0].json).toMatchObject({ type: 'Isolate', comment: 'Alert 4711' });
	expect(items[0].json.attached).toBeUndefined();
});

it('a hash that is no SHA-1 is rejected before any call', async () => {
	const row = deviceActions.find(({ operation }) => operation === 'stopAndQuarantineFile')!;
	const { error } = await run(row, { sha1: 'a'.repeat(64) });
	expect(error?.message).toBe("'SHA-1' is not the SHA-1 hash of a file");
	expect(asked(row)).toEqual([]);
});

describe('tags', () => {
	const change = async (operation: string, tag: string, more = {}, run: Partial<NodeRun> = {}) =>
		await runNode({
			parameters: {
				...{ resource: 'machine', operation, machineId: byId(device), tag, options: {} },
				...more,
			},
			credential,
			node,
			...run,
		});

	it('are added and removed, and the device comes back with those it has', async () => {
		const added = await change('addTag', 'Under investigation');
		expect(added.items[0].json).toMatchObject({
			machineId: device,
			machineTags: ['Under investigation'],
		});
		const again = await change('addTag', 'Under investigation');
		expect(again.items[0].json.machineTags).toEqual(['Under investigation']);
		const removed = await change('removeTag', 'Under investigation');
		expect(removed.items[0].json.machineTags).toEqual([]);
	});

	it.each(['addTag', 'removeTag'])('%s without the permission names it', async (operation) => {
		const permission = 'Machine.ReadWrite.All';
		const role = "'Manage Security Settings'";
		const ofApp = await withoutPermission(permission, async () => await change(operation, 'x'));
		expect(ofApp.error).toMatchObject(appLacks(permission));
		const ofUser = await asUserWithout(
			'Machine.ReadWrite',
			async ([parameters, user]) => await change(operation, 'x', parameters, user),
		);
		expect(ofUser.error).toMatchObject(userLacks('Machine.ReadWrite', role));
	});

	it('that are empty are rejected before any call', async () => {
		const { error } = await change('addTag', ' ');
		expect(error?.message).toBe("'Tag' is empty");
		expect(emulator.requests.matching(/POST/)).toEqual([]);
	});
});
