import { contosoActions, type Emulator } from '../../../emulator/emulator.mts';
import { prepareBinaryStore, removeBinaryStore, runNode } from '../../support/engine.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

/** A minute without a byte is over at once. */
jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () => {
	const { systemClock, watchdogClock } = jest.requireActual('../../support/instantClock.mts');
	let shift = 0;
	return {
		systemClock,
		watchdogClock: {
			now: () => Date.now() + shift,
			sleep: async (ms: number, signal: AbortSignal) => {
				const over = watchdogClock.sleep(ms, signal);
				const passed = new Promise((resolve) => setTimeout(() => resolve(true), 300));
				const result = await Promise.race([over, passed]);
				shift += ms;
				return result;
			},
		},
	};
});

let emulator: Emulator;

beforeAll(async () => {
	await prepareBinaryStore();
	emulator = await startTestEmulator();
	await emulator.settled();
});

afterAll(async () => {
	await emulator.stop();
	removeBinaryStore();
});

it('a download from which nothing comes any more is cut and resumed', async () => {
	emulator.faults.order({ kind: 'stalledBody' });
	const { items, status } = await runNode({
		parameters: {
			resource: 'result',
			operation: 'download',
			machineActionId: { __rl: true, mode: 'id', value: contosoActions.getFile },
			options: {},
		},
		credential: new StoredCredential(emulator.credential),
	});
	expect(status).toBe('success');
	expect(items[0].json).toMatchObject({ fileName: 'notes.txt' });
	expect(emulator.requests.matching(/./, 'download')).toHaveLength(2);
});
