/** Names that several entries have, and devices that the API misses for a moment, in either profile. */
import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { contosoTwins } from '../../../emulator/contoso/sharedNames.mts';
import { runnerOf, shareEmulator } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator(
	(started) => {
		emulator = started;
	},
	{
		contoso: { sharedNames: true },
		deviceLookup: { passingNotFound: 1, noDevices: 'notFound' },
		signIn: { tokensWithoutRoles: 0 },
		// How late an action is listed is no matter here.
		lag: { action: 0, list: 0 },
	},
);

const runMachine = runnerOf('machine', () => emulator);
const runLiveResponse = runnerOf('liveResponse', () => emulator);

const locator = (mode: string, value: string) => ({ __rl: true, mode, value });

const named = async (name: string) =>
	await runMachine({ operation: 'get', machineId: locator('name', name) });

const startOn = async (mode: string, value: string) =>
	await runLiveResponse({
		operation: 'runScript',
		machineId: locator(mode, value),
		scriptName: locator('id', 'triage.ps1'),
		waitForCompletion: false,
	});

const starts = () => emulator.requests.matching(/^POST .*\/runliveresponse$/);
const whole = (name: string) => `${name}.contoso.example`;

/** Two active entries that look like two devices, unless told otherwise; away, so that they send no newer report. */
function addTwins(name: string, one: object, other: object): [string, string] {
	const add = (fields: object) =>
		emulator.tenant.machines.add({ computerDnsName: whole(name), online: false, ...fields });
	return [add(one), add(other)];
}

describe('a name that several entries have', () => {
	it.each([
		['a WSL2 guest and a device that neighbours saw', 'pc-fin-014'],
		['a WSL2 guest with a tag of its host', 'pc-fin-0140'],
		['a potential duplicate', 'srv-dc-01'],
		['an excluded entry', 'srv-web-01'],
		['a merged entry', 'srv-legacy-02'],
	])('is the device itself beside %s', async (_others, name) => {
		const { items, hints } = await named(whole(name));
		expect(items[0].json.machineId).toBe(contosoMachineId(whole(name)));
		expect(hints).toEqual([]);
	});

	it('is the newer entry of a reimaged device, with a hint that names the older one', async () => {
		const { items, hints } = await named(whole('pc-new-21'));
		expect(items[0].json.machineId).toBe(contosoTwins.reimaged);
		expect(hints).toEqual([expect.stringContaining(`Older: ${contosoTwins.beforeReimaging}`)]);
	});

	it.each([
		['first', { listedOnly: true }, {}],
		['last', {}, { listedOnly: true }],
		['and newer than the other', { lastSeen: '2026-01-01T00:00:00Z' }, { listedOnly: true }],
	])('is the entry that the API still knows, the other listed %s', async (place, one, other) => {
		const name = `pc-half-${place.replaceAll(' ', '-')}`;
		const firstSeen = '2026-01-02T00:00:00Z';
		const [a, b] = addTwins(name, one, {
			...other,
			...(place.startsWith('and') ? { firstSeen } : {}),
		});
		const { items, hints } = await named(whole(name));
		expect(items[0].json.machineId).toBe('listedOnly' in one ? b : a);
		expect(hints).toEqual([]);
	});

	it('is refused where it may mean two devices, and each is described', async () => {
		const [a, b] = addTwins(
			'pc-two',
			{ machineTags: ['Finance', 'VIP'], lastSeen: '2026-03-01T00:00:00Z' },
			{ osPlatform: 'Windows10', lastSeen: '2026-03-02T00:00:00Z' },
		);
		const { error } = await startOn('name', whole('pc-two'));
		expect(error?.message).toBe('Several devices have this DNS name');
		expect(error?.description).toContain(
			`${b} (Windows10, no tags, Onboarded, Active, seen 2026-03-02T00:00:00Z); ${a} (Windows11, tags Finance, VIP, Onboarded, Active, seen 2026-03-01T00:00:00Z).`,
		);
		expect(starts()).toEqual([]);
	});
});

describe('a device that the API misses', () => {
	it('for a moment is started on once', async () => {
		const id = emulator.tenant.machines.add();
		const { error, items } = await startOn('id', id);
		expect(error).toBeUndefined();
		expect(items[0].json.machineId).toBe(id);
		expect(starts()).toHaveLength(2);
		expect(emulator.tenant.actions.all.filter(({ machineId }) => machineId === id)).toHaveLength(1);
	});

	it('for a moment is read', async () => {
		const id = emulator.tenant.machines.add();
		const { items } = await runMachine({ operation: 'get', machineId: locator('id', id) });
		expect(items[0].json.machineId).toBe(id);
	});

	it('three times was not found, and what was typed as a name is not called an id', async () => {
		const { error } = await startOn('name', whole('pc-gone-05'));
		expect(error).toMatchObject({
			message: `Device ${contosoTwins.listedOnly} was not found`,
			httpCode: '404',
			description: expect.not.stringMatching(/(?:the|this|an) id\b/i),
		});
		expect(starts()).toHaveLength(3);
	});
});

it('a search that finds no device is empty, also as a 404', async () => {
	const { status, items } = await runMachine({
		operation: 'getAll',
		returnAll: true,
		filters: { computerDnsNameStartsWith: 'nowhere' },
	});
	expect([status, items]).toEqual(['success', []]);
});
