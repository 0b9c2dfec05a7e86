import { contosoActions, type Emulator } from '../../../emulator/emulator.mts';
import { runNode, type NodeRun } from '../../support/engine.mts';
import { slept, worldNow } from '../../support/instantClock.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { until } from '../../support/until.mts';
import { shareEmulator } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
let ids: string[];

shareEmulator(
	async (started) => {
		emulator = started;
		ids = Array.from({ length: 50 }, (_, at) =>
			String(
				emulator.tenant.actions.add({
					commands: [
						{ type: 'RunScript', scriptName: 'a.ps1', transcript: { output: String(at) } },
					],
				}),
			),
		);
		await emulator.settled();
	},
	{ clock: worldNow },
);

const credential = (values: object = {}) =>
	new StoredCredential({
		...emulator.credential,
		callsPerMinute: 100_000,
		callsPerHour: 100_000,
		...values,
	});

async function parse(wanted: string[], more: Partial<NodeRun> & { options?: object } = {}) {
	const { options = {}, ...run } = more;
	return await runNode({
		parameters: {
			resource: 'result',
			operation: 'parseTranscript',
			source: 'machineAction',
			machineActionId: { __rl: true, mode: 'id', value: '={{ $json.machineActionId }}' },
			options: options as never,
		},
		items: wanted.map((machineActionId) => ({ json: { machineActionId } })),
		credential: credential(),
		...run,
	});
}

const links = () => emulator.requests.matching(/GetLiveResponseResultDownloadLink/);
const RETRY = { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 };
const outputs = (result: { items: Array<{ json: { output?: unknown } }> }) =>
	result.items.map(({ json }) => json.output);
const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));

describe('Retry On Fail', () => {
	it.each([
		['refused with 403', { kind: 'forbidden', count: 2 }],
		['refused with 429', { kind: 'tooManyRequests', count: 2 }],
	] as const)(
		'with one item of 50 %s twice costs exactly 50 + 2 link calls',
		async (_case, fault) => {
			emulator.faults.order({ ...fault, path: new RegExp(ids[30]) });
			const result = await parse(ids, { settings: RETRY });
			expect(result.status).toBe('success');
			expect(outputs(result)).toEqual(numbers(50));
			expect(links()).toHaveLength(52);
			expect(emulator.requests.matching(/./, 'download')).toHaveLength(50);
		},
	);

	it('gives nothing back to the next round of a loop', async () => {
		emulator.faults.order({ kind: 'forbidden', path: new RegExp(ids[1]) });
		const result = await parse(ids.slice(0, 3), { settings: RETRY, rounds: 2 });
		expect(outputs(result)).toEqual(numbers(3));
		expect(links()).toHaveLength(2 * 3 + 1);
	});

	it('gives nothing back to another node of the same kind', async () => {
		emulator.faults.order({ kind: 'forbidden', path: new RegExp(ids[1]) });
		await parse(ids.slice(0, 3), { settings: RETRY, isFollowedByAnother: true });
		expect(links()).toHaveLength(2 * 3 + 1);
	});

	it('gives nothing back to another execution', async () => {
		await parse(ids.slice(0, 3), { settings: RETRY });
		await parse(ids.slice(0, 3), { settings: RETRY });
		expect(links()).toHaveLength(6);
	});
});

describe('Batching', () => {
	const INTERVAL_MS = 10_000;
	/** Only the batches wait as long as that here. */
	const waits = () => slept.filter((ms) => ms > INTERVAL_MS / 2);

	beforeEach(() => slept.splice(0));

	it('holds the next items back until the interval has passed', async () => {
		const batching = { batch: { batchSize: 2, batchInterval: INTERVAL_MS } };
		const result = await parse(ids.slice(0, 6), { options: { batching } });
		expect(outputs(result)).toEqual(numbers(6));
		expect(waits()).toHaveLength(2);
	});

	it('does not hold back items that are done when n8n tries again', async () => {
		emulator.faults.order({ kind: 'forbidden', path: new RegExp(ids[5]) });
		const batching = { batch: { batchSize: 2, batchInterval: INTERVAL_MS } };
		await parse(ids.slice(0, 6), { options: { batching }, settings: RETRY });
		expect(links()).toHaveLength(7);
		expect(waits()).toHaveLength(2);
	});

	it.each([
		['size -1', { batchSize: -1, batchInterval: INTERVAL_MS }],
		['interval 0', { batchSize: 1, batchInterval: 0 }],
	])('is off with %s', async (_case, batch) => {
		await parse(ids.slice(0, 6), { options: { batching: { batch } } });
		expect(waits()).toEqual([]);
	});
});

describe('a wait that is too long', () => {
	it('for a Retry-After ends as 429, and says what to set', async () => {
		emulator.faults.order({ kind: 'tooManyRequests', seconds: 900 });
		const { error } = await parse(ids.slice(0, 1), {
			options: { maxRateLimitWaitSeconds: 60 },
			credential: credential(emulator.register()),
		});
		expect(error).toMatchObject({
			message: 'The Defender API limit is used up: the next call could be made in 15 min',
			httpCode: '429',
			description: expect.stringMatching(
				/'Max Rate Limit Wait \(Seconds\)' allows\. Set that option to (899|900) or more/,
			),
		});
	});

	it('for a spent hour names the limit of the credential', async () => {
		const result = await parse(ids.slice(0, 5), {
			credential: credential({ ...emulator.register(), callsPerHour: 3 }),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(links()).toHaveLength(3);
		const refused = result.items.filter(({ json }) => json.details !== undefined);
		expect(refused).toHaveLength(2);
		expect(refused[0].json.details).toMatchObject({
			httpCode: '429',
			description: expect.stringContaining('may make 3 calls an hour'),
		});
	});
});

describe('what the user sees after the run', () => {
	it('is nothing when all was well', async () => {
		const { hints } = await parse(ids.slice(0, 20));
		expect(hints).toEqual([]);
	});

	it('is how long the limit held the node back', async () => {
		emulator.faults.order({ kind: 'tooManyRequests', seconds: 42 });
		const { hints } = await parse(ids.slice(0, 3), {
			credential: credential(emulator.register()),
		});
		expect(hints).toEqual([expect.stringMatching(/^Waited 4\d s for the Defender API limit$/)]);
	});

	it('is that a link was renewed', async () => {
		emulator.faults.order({ kind: 'expiredLink' });
		const { hints } = await parse(ids.slice(0, 3));
		expect(hints).toEqual(['Renewed a download link that had expired']);
	});
});

it('a single urgent execution does not wait for a batch', async () => {
	const shared = { ...emulator.register(), callsPerMinute: 100, callsPerHour: 100_000 };
	const many = Array.from({ length: 300 }, (_, at) => ids[at % 49]);
	let isBatchDone = false;
	const batch = parse(many, { credential: credential(shared) }).then((result) => {
		isBatchDone = true;
		return result;
	});
	await until(() => links().length >= 120, '120 calls of the batch', 20);
	const before = links().length;
	const urgent = await parse([ids[49]], { credential: credential(shared) });
	expect(urgent.items[0].json).toMatchObject({ output: '49' });
	const at = links().findIndex(({ url }) => url.includes(ids[49]));
	expect(at - before).toBeLessThanOrEqual(14);
	expect(isBatchDone).toBe(false);
	expect((await batch).items).toHaveLength(300);
}, 60_000);

it.each([
	['that start together', {}],
	['that follow each other', { batching: { batch: { batchSize: 5, batchInterval: 1000 } } }],
])('a secret that has ended is tried once for all items %s', async (_case, options) => {
	const result = await parse(ids, {
		options,
		credential: credential({ clientSecret: 'wrong' }),
		settings: { onError: 'continueRegularOutput' },
	});
	expect(result.items.map(({ json }) => json.error)).toEqual(
		ids.map(() => expect.stringMatching(/secret/i)),
	);
	expect(emulator.requests.matching(/./, 'login')).toHaveLength(1);
	expect(links()).toHaveLength(0);
});

it('an error that is standard error costs no second call', async () => {
	await parse([contosoActions.exitCodeOne], { settings: RETRY });
	expect(links()).toHaveLength(1);
});
