import { contosoMachineId } from '../../../emulator/emulator.mts';
import { binaryBytes, runNode } from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { startProcess } from '../../support/nodeProcess.mts';
import { until } from '../../support/until.mts';
import { apiClient } from '../emulator/client.mts';
import { resultWithAction } from './resultFields.mts';
import {
	credential,
	emulator,
	runOnTenant,
	tenantForEachTest,
	type More,
} from '../../support/testBed.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const FINANCE = 'pc-fin-014.contoso.example';
const OFFLINE = 'pc-fin-015.contoso.example';

tenantForEachTest();

const device = (name: string) => ({ __rl: true, mode: 'id', value: contosoMachineId(name) });
const file = (name: string) => ({ __rl: true, mode: 'id', value: name });

async function run(parameters: object, more: More = {}) {
	return await runOnTenant(
		{
			resource: 'liveResponse',
			machineId: device(FINANCE),
			comment: 'Alert 4711',
			options: {},
			...parameters,
		},
		more,
	);
}

const runScript = (scriptName: string, parameters: object = {}, more: More = {}) =>
	run({ operation: 'runScript', scriptName: file(scriptName), ...parameters }, more);

const starts = () => emulator.requests.matching(/runliveresponse/);
const runsOf = (scriptName: string, name = FINANCE) =>
	emulator.tenant.machines.runsOf(contosoMachineId(name), scriptName);

describe('Run Script', () => {
	it('runs the script and gives its exit code, output and error', async () => {
		const { items, status } = await runScript('triage.ps1', {
			options: { parseOutputAsJson: true },
		});
		expect(status).toBe('success');
		expect(items).toHaveLength(1);
		expect(Object.keys(items[0].json)).toEqual([...resultWithAction, 'output_json']);
		expect(items[0].json).toMatchObject({
			machineId: contosoMachineId(FINANCE),
			computerDnsName: FINANCE,
			status: 'Succeeded',
			commandType: 'RunScript',
			commandStatus: 'Completed',
			script_name: 'triage.ps1',
			exit_code: 0,
			error: null,
			parse: 'strict',
			output_json: { hostname: 'pc-fin-014' },
		});
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('sends exactly the documented request, with a marker in the comment', async () => {
		emulator.configure({ deviceLookup: { passingNotFound: 0 } });
		await runScript('minidump.ps1', { args: 'OfficeClickToRun' }, { executionId: '231' });
		expect(starts()).toHaveLength(1);
		const [request] = starts();
		expect(request).toMatchObject({
			method: 'POST',
			url: `/api/machines/${contosoMachineId(FINANCE)}/runliveresponse`,
			headers: { 'content-type': 'application/json', authorization: 'Bearer (present)' },
		});
		expect(JSON.parse(request.body)).toEqual({
			Commands: [
				{
					type: 'RunScript',
					params: [
						{ key: 'ScriptName', value: 'minidump.ps1' },
						{ key: 'Args', value: 'OfficeClickToRun' },
					],
				},
			],
			Comment: expect.stringMatching(
				/^\[n8n s=[0-9a-f]{8} w=workflow-1 e=231 n=[0-9a-f]{12} r=0 i=0 f=[0-9a-f]{16}\] Alert 4711$/,
			),
		});
	});

	it('gives only the id without Wait for Completion', async () => {
		const { items } = await runScript('triage.ps1', { waitForCompletion: false });
		expect(items[0].json).toEqual({
			machineActionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
			machineId: contosoMachineId(FINANCE),
			computerDnsName: FINANCE,
			status: 'Pending',
			finished: false,
		});
	});

	it('gives a non-zero exit code as a result', async () => {
		const { items, status } = await runScript('exit-323.ps1');
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({ exit_code: 323, output: 'hash mismatch' });
	});

	it('can make a non-zero exit code fail the item', async () => {
		const { error } = await runScript('exit-323.ps1', { options: { failOnNonZeroExit: true } });
		expect(error?.message).toBe('The script ended with exit code 323');
		expect(error?.context?.details).toMatchObject({
			code: 'nonZeroExit',
			machineActionId: expect.any(String),
			exit_code: 323,
			output: 'hash mismatch',
			error: null,
		});
	});

	it("tells a script that could not run, in the API's words, with the way out", async () => {
		const { items, status } = await runScript('unsigned.ps1');
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({
			status: 'Failed',
			commandStatus: 'Failed',
			reason:
				"The script is not signed. Running unsigned scripts is not allowed in this organization. Sign the script, or turn on 'Live Response unsigned script execution' in the Defender portal under Settings > Endpoints > Advanced features.",
		});
	});

	it('can make a script that did not run fail the item', async () => {
		const { error } = await runScript('unsigned.ps1', { options: { failOnNonZeroExit: true } });
		expect(error?.message).toBe('The script did not run to its end');
	});

	it('finds the device by its name', async () => {
		const { items } = await runScript('triage.ps1', {
			machineId: { __rl: true, mode: 'name', value: FINANCE.toUpperCase() },
		});
		expect(items[0].json).toMatchObject({ computerDnsName: FINANCE, exit_code: 0 });
	});
});

it.each([
	['a DNS name', () => FINANCE],
	['a machine id', () => contosoMachineId(FINANCE)],
	['a locator without a mode', () => ({ value: FINANCE })],
])('takes %s that an expression gives for the whole field', async (_, machineId) => {
	const { items } = await runScript('exit-323.ps1', { machineId: machineId() as string });
	expect(items[0].json).toMatchObject({ machineId: contosoMachineId(FINANCE), exit_code: 323 });
});

describe('a device that does not answer in time', () => {
	it('is a result: finished is false, with the id to go on with', async () => {
		const { items, status } = await runScript('triage.ps1', {
			machineId: device(OFFLINE),
			options: { maxWaitMinutes: 2 },
		});
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({ status: 'Pending', finished: false });
		expect(emulator.requests.matching(/cancel/)).toEqual([]);
	});

	it('is cancelled when asked to', async () => {
		const { items } = await runScript('triage.ps1', {
			machineId: device(OFFLINE),
			options: { maxWaitMinutes: 2, cancelOnTimeout: true },
		});
		expect(items[0].json).toMatchObject({ cancelRequested: true });
		expect(emulator.requests.matching(/cancel/)).toHaveLength(1);
	});

	it.each(['serverError', 'notYetThere'] as const)(
		'is a result also where it cannot be cancelled: %s',
		async (kind) => {
			emulator.faults.order({ kind, path: /cancel/, count: 20 });
			const { items, status } = await runScript('triage.ps1', {
				machineId: device(OFFLINE),
				options: { maxWaitMinutes: 2, cancelOnTimeout: true },
			});
			expect(status).toBe('success');
			expect(items[0].json).toMatchObject({
				finished: false,
				cancelRequested: false,
				reason: expect.any(String) as string,
			});
		},
	);

	it('and that Defender gives up on is told apart', async () => {
		const { items } = await runScript('triage.ps1', {
			machineId: device(OFFLINE),
			options: { maxWaitMinutes: 180, pollIntervalSeconds: 60 },
		});
		expect(items[0].json).toMatchObject({
			status: 'TimeOut',
			commandStatus: emulator.settings.endings.timeOutCommand,
			reason: expect.stringMatching(
				/Defender gave up waiting for the (device|end) \(status TimeOut\)/,
			),
		});
	});

	it('and that somebody cancels is told apart', async () => {
		const running = runScript('triage.ps1', {
			machineId: device(OFFLINE),
			options: { maxWaitMinutes: 600 },
		});
		// A new action is not found at first.
		await until(
			async () => {
				const action = emulator.tenant.actions.all.find(({ status }) => status === 'Pending');
				const path = `/machineactions/${action?.id}/cancel`;
				return (await apiClient(emulator).post(path, { Comment: 'wrong device' })).status < 300;
			},
			'the action to be cancelled',
			10,
		);
		const { items } = await running;
		expect(items[0].json).toMatchObject({
			status: 'Cancelled',
			reason: expect.stringMatching(/^Cancelled by .*: wrong device$/),
		});
	});
});

describe('Get File, Put File and Run Commands', () => {
	it('gets a file as binary data', async () => {
		const { items } = await run({
			operation: 'getFile',
			filePath: 'C:\\Users\\Public\\Documents\\notes.txt',
			binaryPropertyName: 'notes',
		});
		expect(items[0].json).toMatchObject({
			commandType: 'GetFile',
			filePath: 'C:\\Users\\Public\\Documents\\notes.txt',
			fileName: 'notes.txt',
			mimeType: 'text/plain',
		});
		expect((await binaryBytes(items[0], 'notes')).toString()).toBe('Grüße aus Zürich\r\n');
	});

	it('puts a file on the device', async () => {
		const { items } = await run({ operation: 'putFile', libraryFileName: file('tool.exe') });
		expect(items[0].json).toMatchObject({
			status: 'Succeeded',
			commandType: 'PutFile',
			commandStatus: 'Completed',
		});
	});

	it("runs several commands in the API's order and gives an item each", async () => {
		const { items } = await run({
			operation: 'runCommands',
			commands: {
				command: [
					{ type: 'GetFile', filePath: 'C:\\windows\\TEMP\\notepad.dmp.zip' },
					{ type: 'RunScript', scriptName: 'minidump.ps1', args: 'notepad' },
					{ type: 'PutFile', libraryFileName: 'tool.exe' },
				],
			},
		});
		expect(items.map(({ json }) => [json.commandIndex, json.commandType])).toEqual([
			[0, 'PutFile'],
			[1, 'RunScript'],
			[2, 'GetFile'],
		]);
		expect(items[2].json).toMatchObject({
			fileName: 'notepad.dmp.zip',
			mimeType: 'application/zip',
		});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 0 },
			{ item: 0 },
		]);
	});

	it('tells what never ran because something before it failed', async () => {
		const { items } = await run({
			operation: 'runCommands',
			commands: {
				command: [
					{ type: 'RunScript', scriptName: 'unsigned.ps1' },
					{ type: 'GetFile', filePath: 'C:\\Temp\\logs.gz' },
				],
			},
		});
		expect(items.map(({ json }) => json.reason)).toEqual([
			expect.stringContaining('not signed'),
			'Not started, because command 0 (RunScript) failed',
		]);
	});
});

describe('what live response refuses is refused before the call', () => {
	it.each([
		[
			'a separator in the arguments',
			{ operation: 'runScript', scriptName: file('a.ps1'), args: 'a; b' },
			"'Arguments' contains a character that live response rejects: ;",
		],
		[
			'a line break in the arguments',
			{ operation: 'runScript', scriptName: file('a.ps1'), args: 'a\nb' },
			"'Arguments' contains a line break",
		],
		[
			'a script name with a space',
			{ operation: 'runScript', scriptName: file('hello copy.sh') },
			"'Script' has a name that live response cannot use",
		],
		[
			'a relative path',
			{ operation: 'getFile', filePath: 'notes.txt' },
			"'File Path' is not an absolute path",
		],
		['no command', { operation: 'runCommands', commands: {} }, 'There is no command to run'],
	])('%s', async (_case, parameters, message) => {
		const { error } = await run(parameters);
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(error?.description).toBeTruthy();
		expect(emulator.requests.all).toEqual([]);
	});
});

describe('what Defender refuses is explained', () => {
	it.each([
		['no automation level', 'pc-lab-07', 'Live response is not allowed on this device'],
		[
			'an old sensor',
			'pc-agent-old',
			'The Defender sensor on this device is too old for live response',
		],
		[
			'an operating system',
			'pc-old-07',
			'The operating system of this device does not support live response',
		],
		['a switch of the tenant', 'srv-legacy-02', 'Live response is switched off in this tenant'],
	])('%s', async (_case, name, message) => {
		const { error } = await runScript('triage.ps1', {
			machineId: device(`${name}.contoso.example`),
		});
		expect(error?.message).toBe(message);
	});
});

describe('a device that is busy', () => {
	/** Here it says so, and lists show with what: starts that meet others have a test of their own. */
	beforeEach(() =>
		emulator.configure({ starts: { race: 'refused' }, lag: { action: 0, list: 0 } }),
	);

	async function makeBusy(): Promise<string> {
		const { items } = await runScript('slow.ps1', { waitForCompletion: false });
		emulator.requests.clear();
		return String(items[0].json.machineActionId);
	}

	it('fails by default, naming the machine action in the way', async () => {
		const id = await makeBusy();
		const { error } = await runScript('triage.ps1');
		expect(error).toMatchObject({
			message: `This device is busy with machine action ${id}`,
			httpCode: '400',
		});
		expect(runsOf('triage.ps1')).toBe(0);
	});

	it('is waited for when asked to', async () => {
		await makeBusy();
		const { items } = await runScript('triage.ps1', { options: { whenBusy: 'wait' } });
		expect(items[0].json).toMatchObject({ script_name: 'triage.ps1', exit_code: 0 });
		expect(runsOf('slow.ps1')).toBe(1);
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('is attached to when asked to', async () => {
		const id = await makeBusy();
		const { items } = await runScript('triage.ps1', { options: { whenBusy: 'attach' } });
		expect(items[0].json).toMatchObject({
			machineActionId: id,
			script_name: 'slow.ps1',
			attached: true,
		});
		expect(runsOf('triage.ps1')).toBe(0);
	});

	it('with a session of the portal is told in words', async () => {
		const { error } = await runScript('triage.ps1', {
			machineId: device('pc-hr-02.contoso.example'),
		});
		expect(error?.message).toBe(
			'This device is busy with a live response that the API does not list',
		);
	});
});

it("a start that is answered with somebody else's live response does not give that one's result", async () => {
	emulator.configure({ deviceLookup: { passingNotFound: 0 } });
	emulator.faults.order({
		kind: 'foreignStart',
		path: /runliveresponse/,
		scriptName: 'exit-323.ps1',
	});
	const { items } = await runScript('triage.ps1');
	expect(items.map(({ json }) => json.script_name)).not.toContain('exit-323.ps1');
});

describe('never twice', () => {
	/** Whether the device was found is no matter here: each start is the one that the test means. */
	beforeEach(() => emulator.configure({ deviceLookup: { passingNotFound: 0 } }));

	it.each([
		['a lost answer', { kind: 'lostAnswer' }],
		['an empty answer', { kind: 'emptyBody' }],
		['a page instead of an answer', { kind: 'notJson' }],
		['a refused call', { kind: 'tooManyRequests' }],
	] as const)(
		'after %s the script has run exactly once, and its result is there',
		async (_case, fault) => {
			emulator.faults.order({ ...fault, path: /runliveresponse/ });
			const { items, status } = await runScript('triage.ps1');
			expect(status).toBe('success');
			expect(items[0].json).toMatchObject({ script_name: 'triage.ps1', exit_code: 0 });
			expect(runsOf('triage.ps1')).toBe(1);
		},
	);

	it.each([
		['a 5xx', { kind: 'serverError' }],
		['a connection that was cut before', { kind: 'resetBefore' }],
	] as const)(
		'after %s that leaves no trace it is not started again on a guess, with any number of tries',
		async (_case, fault) => {
			emulator.faults.order({ ...fault, path: /runliveresponse/ });
			const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
			const before = systemClock.now();
			const { error } = await runScript('triage.ps1', {}, { settings });
			expect(error).toMatchObject({
				message: 'It is not known whether the machine action was started',
				description: expect.stringContaining('It was not started again'),
			});
			expect(starts()).toHaveLength(1);
			expect(runsOf('triage.ps1')).toBe(0);
			expect(systemClock.now() - before).toBeGreaterThan(2 * 120_000);
		},
	);

	it('a run that is listed only for the second try is found there', async () => {
		emulator.configure({ lag: { action: 250 } });
		emulator.faults.order({ kind: 'lostAnswer', path: /runliveresponse/ });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { items } = await runScript('triage.ps1', {}, { settings });
		expect(items[0].json).toMatchObject({ exit_code: 0 });
		expect(starts()).toHaveLength(1);
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('Retry On Fail with five tries runs it once', async () => {
		emulator.faults.order({ kind: 'unavailable', path: /GetLiveResponse/, count: 12 });
		const { items, status } = await runScript(
			'triage.ps1',
			{},
			{ settings: { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 } },
		);
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({ exit_code: 0 });
		expect(runsOf('triage.ps1')).toBe(1);
		expect(starts()).toHaveLength(1);
	});

	it('the same execution that runs again after a crash goes on with its run', async () => {
		const first = await runScript('slow.ps1', { waitForCompletion: false }, { executionId: '7' });
		const again = await runScript('slow.ps1', {}, { executionId: '7', node: startProcess() });
		expect(again.items[0].json).toMatchObject({
			machineActionId: first.items[0].json.machineActionId,
			exit_code: 0,
		});
		expect(again.items[0].json).not.toHaveProperty('attached');
		expect(runsOf('slow.ps1')).toBe(1);
	});

	it('a retried execution goes on with the run of the failed one', async () => {
		const first = await runScript('slow.ps1', { waitForCompletion: false }, { executionId: '7' });
		const retry = { executionId: '8', mode: 'retry', node: startProcess() } as const;
		const retried = await runScript('slow.ps1', {}, retry);
		expect(retried.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(runsOf('slow.ps1')).toBe(1);
	});

	it('a retried execution goes on with its run although n8n counts the crash as a round', async () => {
		const first = await runScript('slow.ps1', { waitForCompletion: false }, { executionId: '7' });
		const left = { leftByCrash: true, node: startProcess() };
		const retry = { executionId: '8', mode: 'retry', ...left } as const;
		const retried = await runScript('slow.ps1', {}, retry);
		expect(retried.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(runsOf('slow.ps1')).toBe(1);
	});

	it('a retried execution does not take the run of an earlier one for its own', async () => {
		const first = await runScript('triage.ps1', {}, { executionId: '7' });
		const { machineActionId } = first.items[0].json;
		emulator.tenant.actions.get(String(machineActionId))!.createdAt -= 6 * 24 * 3_600_000;
		const retried = await runScript('triage.ps1', {}, { executionId: '9', mode: 'retry' });
		expect(retried.items[0].json).toMatchObject({ exit_code: 0 });
		expect(retried.items[0].json.machineActionId).not.toBe(machineActionId);
		expect(runsOf('triage.ps1')).toBe(2);
	});

	it('a retried execution shares the run of its idempotency key, of an earlier one too', async () => {
		const options = { idempotencyKey: 'alert-4711' };
		const first = await runScript('triage.ps1', { options }, { executionId: '7' });
		const { machineActionId } = first.items[0].json;
		emulator.tenant.actions.get(String(machineActionId))!.createdAt -= 3_600_000;
		const retry = { executionId: '9', mode: 'retry' } as const;
		const retried = await runScript('triage.ps1', { options }, retry);
		expect(retried.items[0].json.machineActionId).toBe(machineActionId);
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('another execution of the same workflow starts a run of its own', async () => {
		const first = await runScript('triage.ps1', {}, { executionId: '7' });
		const second = await runScript('triage.ps1', {}, { executionId: '8' });
		expect(second.items[0].json.machineActionId).not.toBe(first.items[0].json.machineActionId);
		expect(runsOf('triage.ps1')).toBe(2);
	});

	it('an alert that fires twice shares one run through its idempotency key', async () => {
		const options = { idempotencyKey: 'alert-4711' };
		const [first, second] = await Promise.all([
			runScript('slow.ps1', { options }, { executionId: '7' }),
			runScript('slow.ps1', { options }, { executionId: '8' }),
		]);
		expect(second.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect([first.items[0].json.attached, second.items[0].json.attached].filter(Boolean)).toEqual([
			true,
		]);
		expect(runsOf('slow.ps1')).toBe(1);
		const later = await runScript('slow.ps1', { options }, { executionId: '9' });
		expect(later.items[0].json).toMatchObject({ attached: true, exit_code: 0 });
		expect(runsOf('slow.ps1')).toBe(1);
	});

	it('a fresh action that the API does not list yet is not taken for lost', async () => {
		emulator.configure({ lag: { action: 90 } });
		emulator.faults.order({ kind: 'lostAnswer', path: /runliveresponse/ });
		const { items } = await runScript('triage.ps1');
		expect(items[0].json).toMatchObject({ exit_code: 0 });
		expect(runsOf('triage.ps1')).toBe(1);
	});
});

describe('waiting for many devices', () => {
	it('starts ten a minute, looks once an interval for all, and keeps the order', async () => {
		const names = Array.from({ length: 300 }, (_, at) => `farm-${at}.contoso.example`);
		const ids = names.map((computerDnsName) => emulator.tenant.machines.add({ computerDnsName }));
		emulator.requests.clear();
		const before = systemClock.now();
		const { items, status } = await runScript(
			'triage.ps1',
			{ machineId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } },
			{ items: ids.map((id) => ({ json: { id } })) },
		);
		expect(status).toBe('success');
		expect(items.map(({ json }) => json.machineId)).toEqual(ids);
		expect(starts().filter(({ status: code }) => code === 429)).toEqual([]);
		const intervals = (systemClock.now() - before) / 10_000;
		const lists = emulator.requests.matching(/GET \/api\/machineactions\?/);
		expect(lists.length).toBeLessThanOrEqual(intervals + 2);
		expect(emulator.requests.matching(/GET \/api\/machineactions\/[^/]+$/)).toEqual([]);
	});

	it('stops at once with the execution', async () => {
		// So many looks that the test would end before they do.
		const { status } = await runScript(
			'slow.ps1',
			{ options: { maxWaitMinutes: 100_000 }, machineId: device(OFFLINE) },
			{ started: (stop) => setTimeout(stop, 200) },
		);
		expect(status).toBe('canceled');
	});
});

describe('Machine Action Wait', () => {
	it('waits for an action that was started earlier', async () => {
		const { items } = await runScript('triage.ps1', { waitForCompletion: false });
		const waited = await runNode({
			parameters: {
				resource: 'machineAction',
				operation: 'wait',
				machineActionId: { __rl: true, mode: 'id', value: String(items[0].json.machineActionId) },
				options: {},
			},
			credential,
		});
		expect(waited.items[0].json).toMatchObject({ status: 'Succeeded', finished: true });
	});

	it('says finished: false at its deadline', async () => {
		const { items } = await runScript('triage.ps1', {
			machineId: device(OFFLINE),
			waitForCompletion: false,
		});
		const waited = await runNode({
			parameters: {
				resource: 'machineAction',
				operation: 'wait',
				machineActionId: { __rl: true, mode: 'id', value: String(items[0].json.machineActionId) },
				options: { maxWaitMinutes: 1 },
			},
			credential,
		});
		expect(waited.items[0].json).toMatchObject({ status: 'Pending', finished: false });
	});
});
