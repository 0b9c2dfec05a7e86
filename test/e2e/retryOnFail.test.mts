import { nodeName, openTestBed, type TestBed } from './testBed.mts';

describe('a workflow with Retry On Fail', () => {
	let testBed: TestBed;

	beforeAll(async () => {
		testBed = await openTestBed({
			emulator: { limits: { callsPerMinute: 10_000, callsPerHour: 100_000 } },
		});
	});

	afterAll(async () => await testBed.stop());

	it('fetches 50 results, of which one was refused twice, with exactly 50 + 2 link calls', async () => {
		const ids = Array.from({ length: 50 }, (_, at) =>
			String(
				testBed.emulator.tenant.actions.add({
					commands: [
						{ type: 'RunScript', scriptName: 'a.ps1', transcript: { output: String(at) } },
					],
				}),
			),
		);
		await testBed.emulator.settled();
		testBed.emulator.requests.clear();
		testBed.emulator.faults.order({ kind: 'forbidden', path: new RegExp(ids[30]), count: 2 });

		const execution = await testBed.run({
			items: ids.map((machineActionId) => ({ machineActionId })),
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 },
		});

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName).map(({ output }) => output)).toEqual(
			ids.map((_, at) => String(at)),
		);
		const { requests } = testBed.emulator;
		expect(requests.matching(/GetLiveResponseResultDownloadLink/)).toHaveLength(52);
		expect(requests.matching(/./, 'download')).toHaveLength(50);
	});
});
