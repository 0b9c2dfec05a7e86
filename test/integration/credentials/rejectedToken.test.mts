/** An API that does not accept the token: a run asks once, and once more with a new token. */
import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { runNode } from '../../support/engine.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { shareEmulator } from '../actions/sharedEmulator.mts';

let emulator: Emulator;

shareEmulator(
	(started) => {
		emulator = started;
	},
	{ deviceLookup: { passingNotFound: 0 } },
);

const items = Array.from({ length: 60 }, (_, index) => ({ json: { index } }));

const readDevice = async () =>
	await runNode({
		parameters: {
			resource: 'machine',
			operation: 'get',
			machineId: {
				__rl: true,
				mode: 'id',
				value: contosoMachineId('pc-fin-014.contoso.example'),
			},
			options: {},
		},
		items,
		credential: new StoredCredential(emulator.credential),
		settings: { onError: 'continueRegularOutput' },
	});

it('costs two calls, however many items there are', async () => {
	emulator.faults.order({ kind: 'unauthorized', count: Infinity });
	const result = await readDevice();
	expect(emulator.requests.matching(/\/api\/machines\//)).toHaveLength(2);
	expect(result.items).toHaveLength(items.length);
	for (const { json } of result.items) {
		expect(json.details).toMatchObject({ code: 'signInFailed', httpCode: '401' });
	}
});

it('that it does not accept for a moment costs no item', async () => {
	emulator.faults.order({ kind: 'unauthorized' });
	const result = await readDevice();
	expect(result.items.map(({ json }) => json.error)).toEqual(items.map(() => undefined));
	expect(emulator.requests.matching(/\/api\/machines\//)).toHaveLength(items.length + 1);
});
