/** One workflow over several tenants, with one app registration in all of them. */
import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import {
	prepareBinaryStore,
	removeBinaryStore,
	runNode,
	type NodeRun,
} from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { listMessage, searchList } from '../../support/loadOptions.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';
import { TriggerOnEngine } from '../../support/triggerOnEngine.mts';
import { byId } from '../../support/resourceLocator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const DEVICE = 'pc-fin-014.contoso.example';
let a: Emulator;
let b: Emulator;
let c: Emulator;

beforeAll(prepareBinaryStore);
afterAll(removeBinaryStore);

beforeEach(async () => {
	const options = {
		clock: systemClock.now,
		limits: { callsPerMinute: 10_000, callsPerHour: 100_000, runsPerMinute: 1000 },
		signIn: { tokensWithoutRoles: 0 },
	};
	a = await startTestEmulator(options);
	b = await startTestEmulator({ ...options, beside: a });
	c = await startTestEmulator({ ...options, beside: a });
});

afterEach(async () => {
	for (const tenant of [c, b, a]) await tenant.stop();
});

const tenants = () => [a, b, c];
const idOf = ({ credential }: Emulator) => credential.tenantId;
const itemOf = (tenant: Emulator) => ({ json: { tenant: idOf(tenant) } });
const signIns = () =>
	tenants().map(({ requests }) => requests.matching(/\/oauth2\/v2\.0\/token/, 'login').length);
const runs = () =>
	tenants().map(({ tenant }) => tenant.machines.runsOf(contosoMachineId(DEVICE), 'triage.ps1'));

/** The tenant comes from the item. */
const credentialOfItems = (fields: object = {}) =>
	new StoredCredential({
		...a.credential,
		tenantId: '={{ $json.tenant }}',
		downloadHosts: tenants()
			.map(({ credential }) => credential.downloadHosts)
			.join(','),
		...fields,
	});

const runScript = async (
	items: NodeRun['items'],
	credential: StoredCredential,
	more: Partial<NodeRun> = {},
) =>
	await runNode({
		parameters: {
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(contosoMachineId(DEVICE)),
			scriptName: byId('triage.ps1'),
			options: {},
		},
		items,
		credential,
		...more,
	});

const devices = async (items: NodeRun['items'], credential: StoredCredential, more = {}) =>
	await runNode({
		parameters: {
			resource: 'machine',
			operation: 'get',
			machineId: byId(contosoMachineId(DEVICE)),
		},
		items,
		credential,
		...more,
	});

describe('the tenant of each item', () => {
	it('is where its script runs, in one run over three', async () => {
		const credential = credentialOfItems();
		const { items, error } = await runScript([a, b, c].map(itemOf), credential);
		expect(error?.message).toBeUndefined();
		expect(items.map(({ json }) => [json.tenantId, json.exit_code])).toEqual([
			[idOf(a), 0],
			[idOf(b), 0],
			[idOf(c), 0],
		]);
		expect(runs()).toEqual([1, 1, 1]);
	});

	it('is where its script runs, in one run after the other', async () => {
		const credential = credentialOfItems();
		for (const tenant of [a, b, a]) await runScript([itemOf(tenant)], credential);
		expect(runs()).toEqual([2, 1, 0]);
		expect(signIns()).toEqual([1, 1, 0]);
	});

	it('costs one sign-in a tenant and one read of the credential an item, however many items', async () => {
		const credential = credentialOfItems();
		const items = Array.from({ length: 30 }, (_, at) => itemOf(tenants()[at % 3]));
		const { items: found } = await devices(items, credential);
		expect(found.map(({ json }) => json.tenantId)).toEqual(items.map(({ json }) => json.tenant));
		expect(signIns()).toEqual([1, 1, 1]);
		expect(credential.reads).toBe(30);
		expect(credential.writes).toBe(0);
	});

	it('is named in an item that was rejected too', async () => {
		const missing = { json: { tenant: idOf(b) } };
		b.faults.order({ kind: 'forbidden', count: 10 });
		const { items } = await devices([itemOf(a), missing], credentialOfItems(), {
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items[0].json.tenantId).toBe(idOf(a));
		expect(items[1].json).toEqual({
			error: expect.any(String),
			details: expect.objectContaining({ httpCode: '403', tenantId: idOf(b) }),
		});
	});

	it('holds over the tries of Retry On Fail', async () => {
		b.faults.order({ kind: 'forbidden', count: 1 });
		const { items } = await devices([itemOf(a), itemOf(b)], credentialOfItems(), {
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		});
		expect(items.map(({ json }) => json.tenantId)).toEqual([idOf(a), idOf(b)]);
	});

	it('is not told where all items have the same', async () => {
		const { items } = await devices([itemOf(a), itemOf(a)], credentialOfItems());
		expect(items.map(({ json }) => json.tenantId)).toEqual([undefined, undefined]);
	});

	it('does not make the others fail when nobody can sign in to it', async () => {
		const unknown = { json: { tenant: '00000000-0000-4000-8000-000000000000' } };
		const { items } = await devices([itemOf(a), unknown, itemOf(b)], credentialOfItems(), {
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.error)).toEqual([
			undefined,
			expect.stringContaining('(AADSTS90002)'),
			undefined,
		]);
	});
});

describe('a credential that was edited', () => {
	it('acts in its new tenant at once', async () => {
		const credential = new StoredCredential(a.credential);
		await runScript([{ json: {} }], credential);
		credential.stored = { ...credential.stored, tenantId: idOf(b) };
		credential.stored.downloadHosts = b.credential.downloadHosts;
		await runScript([{ json: {} }], credential);
		expect(runs()).toEqual([1, 1, 0]);
	});

	it('with a wrong secret fails at once', async () => {
		const credential = new StoredCredential(a.credential);
		await devices([{ json: {} }], credential);
		credential.stored = { ...credential.stored, clientSecret: 'wrong' };
		const { error } = await devices([{ json: {} }], credential);
		expect(error?.message).toContain('(AADSTS7000215)');
	});
});

describe('where there are no items', () => {
	const noItems =
		'A field of the credential is an expression that uses $json, and there are no items here';

	it('a list to choose from says so', async () => {
		const message = await listMessage(searchList('searchMachines', credentialOfItems()));
		expect(message).toMatchObject({ message: noItems });
	});

	it('the trigger says so', async () => {
		const trigger = new TriggerOnEngine({ credential: credentialOfItems() });
		await expect(trigger.activate()).rejects.toMatchObject({ message: noItems });
	});
});

describe('a sign-in service that is busy', () => {
	it('is asked again within the run, whatever the call', async () => {
		a.faults.order({ kind: 'reportedRefusal', refusal: 'temporarilyUnavailable' });
		const { items, error } = await runScript([{ json: {} }], new StoredCredential(a.credential));
		expect(error?.message).toBeUndefined();
		expect(items[0].json.exit_code).toBe(0);
		expect(runs()).toEqual([1, 0, 0]);
	});

	it('costs none of 25 devices its script or its result when a token is renewed', async () => {
		const credential = new StoredCredential(a.credential);
		await devices([{ json: {} }], credential);
		a.application.revokeTokens();
		a.faults.order({ kind: 'reportedRefusal', refusal: 'temporarilyUnavailable', count: 2 });
		const names = Array.from({ length: 25 }, (_, at) => `many-${at}.contoso.example`);
		const items = names.map((computerDnsName) => ({
			json: { id: a.tenant.machines.add({ computerDnsName }) },
		}));
		const { items: results, error } = await runScript(items, credential, {
			parameters: {
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: byId('={{ $json.id }}'),
				scriptName: byId('triage.ps1'),
				options: {},
			},
		});
		expect(error?.message).toBeUndefined();
		expect(results.map(({ json }) => json.exit_code)).toEqual(names.map(() => 0));
	});

	it('that stays so is told, and the next run asks anew', async () => {
		a.faults.order({ kind: 'reportedRefusal', refusal: 'temporarilyUnavailable', count: 4 });
		const credential = new StoredCredential(a.credential);
		const { error } = await devices([{ json: {} }], credential);
		expect(error?.message).toContain('Microsoft Entra cannot answer right now');
		expect(signIns()).toEqual([4, 0, 0]);
		const { status } = await devices([{ json: {} }], credential);
		expect(status).toBe('success');
	});
});
