/** A tenant in which every live response session is taken. */
import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { runNode } from '../../support/engine.mts';
import { worldNow } from '../../support/instantClock.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';
import { byId } from '../../support/resourceLocator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startTestEmulator({
		clock: worldNow,
		deviceLookup: { passingNotFound: 0 },
		signIn: { tokensWithoutRoles: 0 },
		limits: { sessions: 1 },
		lag: { action: 0, list: 0 },
	});
	emulator.tenant.library.add({ fileName: 'long.ps1', behaviour: { durationSeconds: 590 } });
});

afterEach(async () => {
	await emulator.stop();
});

const start = async (device: string, scriptName: string, more: object = {}, items?: object[]) =>
	await runNode({
		parameters: {
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(device.startsWith('=') ? device : contosoMachineId(device)),
			scriptName: byId(scriptName),
			options: {},
			...more,
		},
		...(items ? { items: items.map((json) => ({ json: json as Record<string, string> })) } : {}),
		credential: new StoredCredential(emulator.credential),
	});

const takeTheSession = async () =>
	await start('pc-fin-014.contoso.example', 'long.ps1', { waitForCompletion: false });

const starts = () => emulator.requests.matching(/runliveresponse/).length;

it('a start waits within Max Wait until a session is free again', async () => {
	await takeTheSession();
	const { items, error } = await start('srv-dc-01.contoso.example', 'triage.ps1');
	expect(error?.message).toBeUndefined();
	expect(items[0].json.exit_code).toBe(0);
	expect(starts()).toBeLessThan(25);
});

it('a start that may wait no longer names the sessions, whose they are, and what to do', async () => {
	await takeTheSession();
	const before = starts();
	const { error } = await start('srv-dc-01.contoso.example', 'triage.ps1', {
		options: { maxWaitMinutes: 5 },
	});
	expect(error?.message).toMatch(/^All live response sessions of the tenant are in use: .*min$/);
	expect(error?.description).toContain('This node run has none of them open');
	expect(error?.description).toContain("Set 'Max Wait (Minutes)' higher");
	expect(error?.context?.details).toMatchObject({ code: 'sessionsExhausted' });
	expect(starts() - before).toBeLessThan(12);
});

it('of several devices one tries for all, and its own sessions are counted', async () => {
	const devices = ['pc-fin-014', 'srv-dc-01', 'srv-web-01'].map((name) =>
		contosoMachineId(`${name}.contoso.example`),
	);
	const { error } = await start(
		'={{ $json.machineId }}',
		'long.ps1',
		{ options: { maxWaitMinutes: 5 } },
		devices.map((machineId) => ({ machineId })),
	);
	expect(error?.description).toContain('This node run has 1 of them open');
	expect(starts()).toBeLessThan(15);
});
