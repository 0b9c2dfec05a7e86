import { contosoActions } from '../../emulator/emulator.mts';
import { nodeName, openTestBed, type TestBed } from './testBed.mts';

const noSuchAction = '00000000-1111-4222-8333-444444444444';
const oneGoodOneBad = [
	{ machineActionId: noSuchAction },
	{ machineActionId: contosoActions.documentationSample },
];

describe('a workflow in which one of two results cannot be read', () => {
	let testBed: TestBed;

	beforeAll(async () => {
		testBed = await openTestBed();
	});

	beforeEach(() => testBed.emulator.requests.clear());

	afterAll(async () => await testBed.stop());

	const linkCalls = (machineActionId: string) =>
		testBed.emulator.requests.matching(
			new RegExp(`${machineActionId}/GetLiveResponseResultDownloadLink`),
		);

	it('stops with a message that names the item and the next step', async () => {
		const execution = await testBed.run({ items: oneGoodOneBad });

		expect(execution.status).toBe('error');
		expect(execution.errorMessage).toMatch(/machine action/i);
		expect(execution.stored.data.resultData.error).toMatchObject({
			name: 'NodeApiError',
			httpCode: '404',
			context: { itemIndex: 0 },
			description: expect.any(String),
		});
	});

	it('goes on with Continue (On Fail): the item tells what happened', async () => {
		const execution = await testBed.run({
			items: oneGoodOneBad,
			settings: { onError: 'continueRegularOutput' },
		});

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName)).toMatchObject([
			{ error: expect.any(String) },
			{ script_name: 'minidump.ps1', error: null },
		]);
	});

	it('sends only that item to the error output', async () => {
		const execution = await testBed.run({
			items: oneGoodOneBad,
			settings: { onError: 'continueErrorOutput' },
		});

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName, 0)).toMatchObject([{ script_name: 'minidump.ps1' }]);
		expect(execution.json(nodeName, 1)).toMatchObject([{ error: expect.any(String) }]);
		expect(execution.items(nodeName, 1)).toMatchObject([{ pairedItem: { item: 0 } }]);
	});

	it('runs once with Retry On Fail when nothing fails', async () => {
		const execution = await testBed.run({
			items: [{ machineActionId: contosoActions.realTranscript }],
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 },
		});

		expect(execution.json(nodeName)).toMatchObject([{ error: null }]);
		expect(linkCalls(contosoActions.realTranscript)).toHaveLength(1);
	});

	it('reads only the result that failed again with Retry On Fail', async () => {
		const [failing, fine] = [contosoActions.realTranscript, contosoActions.documentationSample];
		testBed.emulator.faults.order({ kind: 'forbidden', path: new RegExp(failing) });

		const execution = await testBed.run({
			items: [{ machineActionId: failing }, { machineActionId: fine }],
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 },
		});

		expect(execution.status).toBe('success');
		expect(execution.json(nodeName)).toMatchObject([
			{ machineActionId: failing, exit_code: 0 },
			{ machineActionId: fine, exit_code: 0 },
		]);
		expect(linkCalls(failing)).toHaveLength(2);
		expect(linkCalls(fine)).toHaveLength(1);
	});
});
