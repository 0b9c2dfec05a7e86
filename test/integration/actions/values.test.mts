/** What expressions, webhooks and spreadsheets give, on n8n's own engine: taken as it is meant, or refused. */
import type { INodeExecutionData } from 'n8n-workflow';

import { contosoActions, contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { binaryBytes } from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { runnerOf, shareEmulator } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const FINANCE = 'pc-fin-014.contoso.example';
const OFFLINE = 'pc-fin-015.contoso.example';

let emulator: Emulator;

shareEmulator(
	(started) => {
		emulator = started;
	},
	{ contoso: { sharedNames: false }, clock: systemClock.now },
);

const liveResponse = runnerOf('liveResponse', () => emulator);
const machineAction = runnerOf('machineAction', () => emulator);
const machine = runnerOf('machine', () => emulator);
const result = runnerOf('result', () => emulator);
const libraryFile = runnerOf('libraryFile', () => emulator);

const runScript = async (parameters: object, more = {}) =>
	await liveResponse(
		{
			operation: 'runScript',
			machineId: contosoMachineId(FINANCE),
			scriptName: 'triage.ps1',
			...parameters,
		},
		more,
	);

const calls = () => emulator.requests.matching(/./);
const starts = () => emulator.requests.matching(/runliveresponse/);

describe('a switch given as text', () => {
	it('waits for the device', async () => {
		const { items } = await runScript({ waitForCompletion: '={{ "true" }}' });
		expect(items[0].json).toMatchObject({ status: 'Succeeded', exit_code: 0 });
	});

	it('does not wait', async () => {
		const { items } = await runScript({ waitForCompletion: '={{ "false" }}' });
		expect(items[0].json).toMatchObject({ finished: false });
		await systemClock.sleep(3_600_000);
		emulator.tenant.actions.settle();
	});

	it('fails on the exit code 323', async () => {
		const { error } = await runScript({
			scriptName: 'exit-323.ps1',
			options: { failOnNonZeroExit: '={{ "true" }}' },
		});
		expect(error?.message).toBe('The script ended with exit code 323');
	});

	it('cancels what is not finished in time', async () => {
		const { items } = await runScript({
			machineId: contosoMachineId(OFFLINE),
			options: { maxWaitMinutes: '={{ "2" }}', cancelOnTimeout: '={{ "true" }}' },
		});
		expect(items[0].json).toMatchObject({ cancelRequested: true });
	});

	it('returns all', async () => {
		for (let at = 0; at < 60; at++) {
			emulator.tenant.machines.add({ computerDnsName: `many-${at}.contoso.example` });
		}
		const filters = { computerDnsNameStartsWith: 'many-' };
		const { items } = await machine({ operation: 'getAll', returnAll: '={{ "true" }}', filters });
		expect(items).toHaveLength(60);
	});
});

it('an idempotency key that is a number is one: the script runs once', async () => {
	const options = { idempotencyKey: '={{ 924565 }}' };
	const first = await runScript({ options }, { executionId: '7001' });
	const second = await runScript({ options }, { executionId: '7002' });
	expect(second.items[0].json).toMatchObject({
		machineActionId: first.items[0].json.machineActionId,
		attached: true,
	});
	expect(starts()).toHaveLength(1);
});

it('a number as Arguments is its decimal text', async () => {
	await runScript({ args: '={{ 1e21 }}' });
	expect(JSON.parse(starts()[0].body).Commands[0].params[1].value).toBe('1000000000000000000000');
});

describe('what cannot be meant is refused before any call', () => {
	it.each([
		[
			'an object as Arguments',
			{ args: '={{ { days: 7 } }}' },
			"'Arguments' is not text",
			'Its value is an object.',
		],
		[
			'a list as Arguments',
			{ args: '={{ ["-Days", 7] }}' },
			"'Arguments' is not text",
			"Its value is a list. Join a list yourself, with {{ $json.list.join(' ') }}, or pass it as Base64",
		],
		[
			'"maybe" to a switch',
			{ waitForCompletion: '={{ "maybe" }}' },
			"'Wait for Completion' is not true or false",
			'Its value is text.',
		],
		[
			'a switch that is read last',
			{ options: { failOnNonZeroExit: '={{ [] }}' } },
			"'Fail on Non-Zero Exit Code' is not true or false",
			'Its value is a list.',
		],
		[
			'a choice that there is not',
			{ options: { whenBusy: '={{ "queue" }}' } },
			"'When Device Is Busy' has an unknown value",
			'It can be fail, attach, wait.',
		],
	])('%s', async (_case, parameters, message, description) => {
		const { error } = await runScript(parameters);
		expect(error?.message).toBe(message);
		expect(error?.description).toContain(description);
		expect(calls()).toEqual([]);
	});

	it('and each item that is refused goes on as an item, when the node continues', async () => {
		const { items } = await runScript(
			{ options: { maxRateLimitWaitSeconds: '={{ "soon" }}' } },
			{ settings: { onError: 'continueRegularOutput' } },
		);
		expect(items[0].json).toMatchObject({
			error: "'Max Rate Limit Wait (Seconds)' is not a number of 0 or more",
		});
	});
});

describe('a locator', () => {
	const id = contosoMachineId(FINANCE);
	const cached = (value: unknown) => ({ __rl: true, mode: 'list', value, cachedResultName: 'PC' });
	const inField = (given: unknown) => `={{ ${JSON.stringify(given)} }}`;

	it.each([
		['an id', id],
		['a name', FINANCE],
		["another node's choice", cached(id)],
		['a locator by name', { mode: 'name', value: FINANCE }],
		['a locator without a mode', { value: FINANCE }],
	])('takes %s for the whole field, or in any mode', async (_case, given) => {
		const whole = await machine({ operation: 'get', machineId: inField(given) });
		expect(whole.items[0].json).toMatchObject({ machineId: id });
		if (typeof given === 'string') return;
		const machineId = { __rl: true, mode: 'id', value: inField(given) };
		expect((await machine({ operation: 'get', machineId })).items[0].json).toMatchObject({
			machineId: id,
		});
	});

	it('of a machine action and of a file takes them too', async () => {
		const machineActionId = inField(cached(contosoActions.realTranscript));
		const { items } = await machineAction({ operation: 'get', machineActionId });
		expect(items[0].json).toMatchObject({ machineActionId: contosoActions.realTranscript });
		const ran = await runScript({ scriptName: inField(cached('triage.ps1')) });
		expect(ran.items[0].json).toMatchObject({ script_name: 'triage.ps1' });
	});
});

describe('a file', () => {
	const transcript = JSON.stringify({
		script_name: 'a.ps1',
		exit_code: 7,
		script_output: 'x',
		script_errors: '',
	});
	const file = (text: string) => ({
		data: Buffer.from(text).toString('base64'),
		mimeType: 'application/json',
		fileName: 'values.ps1',
	});
	const combinedItem = { json: { _files: [file(transcript)] } } as unknown as INodeExecutionData;
	const combined = { items: [combinedItem], workflowSettings: { binaryMode: 'combined' as const } };

	it.each([
		['a path, where files are in the JSON', '_files[0]', combined],
		['a file, where files are in the JSON', '={{ $json._files[0] }}', combined],
	])('is taken as %s', async (_case, binaryPropertyName, more) => {
		const parsed = await result(
			{ operation: 'parseTranscript', source: 'binary', binaryPropertyName },
			more,
		);
		expect(parsed.error).toBeUndefined();
		expect(parsed.items[0].json).toMatchObject({ exit_code: 7 });
	});

	it('is uploaded from where files are in the JSON', async () => {
		const { items, error } = await libraryFile(
			{ operation: 'upload', binaryPropertyName: '={{ $json._files[0] }}' },
			combined,
		);
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ fileName: 'values.ps1' });
	});

	it('that was stored is taken as {{ $binary.data }}', async () => {
		const downloaded = await result({
			operation: 'download',
			machineActionId: contosoActions.realTranscript,
			commandIndex: '={{ "0" }}',
		});
		expect((await binaryBytes(downloaded.items[0])).length).toBeGreaterThan(0);
		const parsed = await result(
			{ operation: 'parseTranscript', source: 'binary', binaryPropertyName: '={{ $binary.data }}' },
			{ items: [{ json: {}, binary: downloaded.items[0].binary }] },
		);
		expect(parsed.items[0].json).toHaveProperty('exit_code');
	});
});

describe("n8n's own errors", () => {
	it('go on with their words', async () => {
		const { error } = await runScript({ comment: "={{ $('Nope').item.json.x }}" });
		expect(error?.message).toMatch(/Nope|node doesn't exist/);
		expect(JSON.stringify(error)).not.toContain('report');
		expect(error?.context).toMatchObject({ itemIndex: 0 });
		expect(calls()).toEqual([]);
	});

	it('become items when the node continues', async () => {
		const { items } = await runScript(
			{ comment: "={{ $('Nope').item.json.x }}" },
			{ settings: { onError: 'continueRegularOutput' } },
		);
		expect(items[0].json.error).toMatch(/Nope|node doesn't exist/);
	});
});
