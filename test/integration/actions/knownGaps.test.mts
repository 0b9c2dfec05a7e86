/**
 * What the cloud may do and the node does not bear yet: each test is expected to fail, and fails as a
 * test once its gap is closed, so that the mark goes with it.
 */
import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { runNode } from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startTestEmulator({
		clock: systemClock.now,
		deviceLookup: { passingNotFound: 0 },
		signIn: { tokensWithoutRoles: 0 },
	});
});

afterEach(async () => {
	await emulator.stop();
});

const run = async (parameters: object) =>
	await runNode({
		parameters: { options: {}, ...parameters },
		credential: new StoredCredential(emulator.credential),
	});

it.failing('a start waits within Max Wait until a full tenant has a session again', async () => {
	emulator.tenant.library.add({ fileName: 'long.ps1', behaviour: { durationSeconds: 590 } });
	emulator.configure({ limits: { sessions: 1 }, lag: { action: 0, list: 0 } });
	const start = async (device: string, more: object) =>
		await run({
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(contosoMachineId(device)),
			...more,
		});
	await start('pc-fin-014.contoso.example', {
		scriptName: byId('long.ps1'),
		waitForCompletion: false,
	});
	const { items, error } = await start('srv-dc-01.contoso.example', {
		scriptName: byId('triage.ps1'),
	});
	expect(error?.message).toBeUndefined();
	expect(items[0].json.exit_code).toBe(0);
});
