import type { IDataObject } from 'n8n-workflow';

import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { allRoles, allScopes } from '../../../emulator/entra/application.mts';
import { ConnectedUser } from '../../support/connectedUser.mts';
import { byId } from '../../support/resourceLocator.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { deviceActions } from '../deviceActions.mts';
import { runnerOf, shareEmulator, type More } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator((started) => {
	emulator = started;
});

const run = runnerOf('connection', () => emulator);
const contoso = (name: string) => contosoMachineId(`${name}.contoso.example`);

let secrets = 0;
/** A credential with a sign-in of its own: tokens that are kept have the permissions of before. */
function freshCredential(more: object = {}) {
	const clientSecret = `Check~Secret.${(secrets += 1)}`;
	emulator.application.addSecret(clientSecret);
	return new StoredCredential({ ...emulator.credential, clientSecret, ...more });
}

async function check(more: More = {}, parameters: object = {}) {
	const { items, error } = await run(
		{ operation: 'check', ...parameters },
		{ credential: freshCredential(), ...more },
	);
	expect(error).toBeUndefined();
	return Object.fromEntries(
		items.map(({ json: { capability, ...json } }): [string, IDataObject] => [
			String(capability),
			json,
		]),
	);
}

const checkDevice = async (machineId: string) =>
	(await check({}, { machineId: byId(machineId) })).device;

const oks = (items: Record<string, IDataObject>) =>
	Object.fromEntries(Object.entries(items).map(([name, { ok }]) => [name, ok]));

const ALL = {
	readDevices: true,
	readMachineActions: true,
	startLiveResponse: null,
	fetchResults: true,
	cancel: true,
	library: true,
	...Object.fromEntries(deviceActions.map(({ capability }) => [capability, true])),
	tags: true,
};

const withAvailableActions = (availableActions: boolean) =>
	emulator.configure({ deviceLookup: { ...emulator.settings.deviceLookup, availableActions } });

describe('what the credential can do', () => {
	afterEach(() => emulator.application.setRoles(allRoles));

	it('is one item a capability, in four reads, and nothing is started', async () => {
		const items = await check();
		expect(oks(items)).toEqual(ALL);
		expect(items.readDevices).toEqual({
			ok: true,
			needs: 'Machine.ReadWrite.All',
			nextStep: null,
		});
		expect(items.startLiveResponse.nextStep).toMatch(/choose one in 'Device'/);
		expect(emulator.requests.matching(/\/api\//).map(({ method }) => method)).toEqual(
			Array(4).fill('GET'),
		);
	});

	it.each([
		['Machine.LiveResponse', ['startLiveResponse']],
		['Machine.ReadWrite.All', ['readDevices', 'readMachineActions', 'fetchResults', 'tags']],
		['Library.Manage', ['library']],
		...new Map(
			deviceActions.map(({ permission, capability }) => [permission, [capability]] as const),
		),
	])('without %s names the permission and its place in the portal', async (role, missing) => {
		emulator.application.setRoles(allRoles.filter((known) => known !== role));
		const items = await check();
		expect(oks(items)).toEqual({
			...ALL,
			...Object.fromEntries(missing.map((name) => [name, false])),
		});
		for (const name of missing) {
			expect(items[name]).toMatchObject({
				needs: role,
				nextStep: expect.stringMatching(
					new RegExp(`API permissions.*WindowsDefenderATP.*Application permissions, add ${role}`),
				),
			});
		}
	});

	it('an app that only reads is not told that it cannot read', async () => {
		emulator.application.setRoles(['Machine.ReadWrite.All']);
		const items = await check();
		expect(Object.entries(oks(items)).flatMap(([name, ok]) => (ok === true ? [name] : []))).toEqual(
			['readDevices', 'readMachineActions', 'fetchResults', 'tags'],
		);
	});

	it('Machine.Read.All is enough to read devices', async () => {
		emulator.application.setRoles(['Machine.Read.All']);
		const items = await check();
		expect([items.readDevices.ok, items.readMachineActions.ok]).toEqual([true, false]);
	});

	it('a token that the API does not take although it has the permission is the wrong cloud', async () => {
		emulator.faults.order({ kind: 'forbidden', count: 4 });
		const items = await check();
		expect(items.readMachineActions).toMatchObject({
			ok: false,
			nextStep: expect.stringContaining("Check that 'Cloud' of the credential"),
		});
	});

	it.each([
		['an expired secret', { clientSecret: 'expired~secret' }, /client secret.*expired/i],
		['a tenant of another cloud', { tenantId: 'elsewhere.example' }, /'Cloud'/],
	])('with %s everything says so, and what to do', async (_, fields, words) => {
		emulator.application.addSecret('expired~secret', Date.now() - 1000);
		const items = await check({
			credential: new StoredCredential({ ...emulator.credential, ...fields }),
		});
		expect(Object.keys(items)).toEqual(Object.keys(ALL));
		for (const { ok, nextStep } of Object.values(items)) {
			expect([ok, nextStep]).toEqual([false, expect.stringMatching(words)]);
		}
	});

	it.each([
		[503, { kind: 'unavailable' }],
		[408, { kind: 'otherBody', status: 408, body: {} }],
	] as const)('what is only busy (%d) is not called missing', async (status, fault) => {
		emulator.faults.order({ ...fault, count: 40 });
		const items = await check();
		emulator.faults.clear();
		expect(items.library).toMatchObject({
			ok: null,
			nextStep: expect.stringContaining(String(status)),
		});
		expect(items.isolate.ok).toBe(true);
	});

	it("of a signed-in user goes by the token's delegated permissions", async () => {
		emulator.application.scopes = allScopes.filter((scope) => scope !== 'Machine.Isolate');
		const credential = await ConnectedUser.connect(emulator.oAuth2Credential);
		emulator.application.scopes = allScopes;
		const items = await check({ credential }, { authentication: 'oAuth2' });
		expect(oks(items)).toEqual({ ...ALL, isolate: false });
		expect(items.readDevices.needs).toBe('Machine.ReadWrite');
		expect(items.isolate.nextStep).toMatch(/Delegated permissions, add Machine.Isolate/);
	});
});

describe('a device', () => {
	it('that is ready says what speaks for it', async () => {
		withAvailableActions(true);
		const items = await check({}, { machineId: byId(contoso('pc-fin-014')) });
		expect(items.startLiveResponse).toMatchObject({ ok: true, nextStep: null });
		expect(items.device).toEqual({
			ok: true,
			needs: 'A device that is onboarded, supported and free',
			nextStep: null,
			machineId: contoso('pc-fin-014'),
			computerDnsName: 'pc-fin-014.contoso.example',
			onboarded: true,
			onboardingStatus: 'Onboarded',
			healthStatus: 'Active',
			lastSeen: expect.stringMatching(/^20.*Z$/),
			osPlatform: 'Windows11',
			supported: true,
			busyWith: null,
			requestor: null,
		});
	});

	it('is not called ready where the API does not say', async () => {
		withAvailableActions(false);
		const items = await check({}, { machineId: byId(contoso('pc-fin-014')) });
		expect([items.startLiveResponse.ok, items.device.ok]).toEqual([null, null]);
		expect(items.device).toMatchObject({ supported: null, onboarded: true });
	});

	it('of a system that live response does not support', async () => {
		withAvailableActions(true);
		expect(await checkDevice(contoso('pc-old-07'))).toMatchObject({
			ok: false,
			supported: false,
			nextStep: expect.stringContaining('operating system of this device does not support'),
		});
	});

	it('that is not onboarded', async () => {
		const id = emulator.tenant.machines.add({ onboardingStatus: 'CanBeOnboarded' });
		expect(await checkDevice(id)).toMatchObject({
			ok: false,
			onboarded: false,
			nextStep: expect.stringMatching(/not onboarded.*Settings > Endpoints > Onboarding/),
		});
	});

	it('that Defender does not know', async () => {
		expect(await checkDevice('0'.repeat(40))).toEqual({
			ok: false,
			needs: expect.any(String),
			nextStep: expect.stringContaining(`Device ${'0'.repeat(40)} was not found`),
		});
	});

	it('that is busy, and with what', async () => {
		withAvailableActions(true);
		const id = emulator.tenant.machines.add();
		const busyWith = emulator.tenant.actions.add({
			machineId: id,
			status: 'InProgress',
			commands: [{ type: 'RunScript', scriptName: 'triage.ps1' }],
		});
		expect(await checkDevice(id)).toMatchObject({
			ok: false,
			busyWith,
			nextStep: expect.stringContaining(`busy with machine action ${busyWith}`),
		});
	});

	it('a value that can mean no device is rejected before any call', async () => {
		const { error } = await run({ operation: 'check', machineId: byId('../x') });
		expect(error?.message).toBe("'Device' is neither the ID nor the name of a device");
		expect(emulator.requests.all).toEqual([]);
	});
});
