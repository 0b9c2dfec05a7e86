/** What was started lately is not in Defender's lists yet: each test is about who remembers it until then. */
import { setTimeout as passed } from 'node:timers/promises';

import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { contosoMachineId } from '../../../emulator/emulator.mts';
import { startProcess } from '../../support/nodeProcess.mts';
import { systemClock } from '../../support/instantClock.mts';
import { processedData } from '../../support/processedData.mts';
import {
	emulator,
	restartProcess,
	runOnTenant,
	tenantForEachTest,
	type More,
} from '../../support/testBed.mts';
import { byId } from '../../support/resourceLocator.mts';
import { StoredCredential } from '../../support/storedCredential.mts';
import { until } from '../../support/until.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

const FINANCE = 'pc-fin-014.contoso.example';
const LAG_SECONDS = 120;

tenantForEachTest({
	lag: { action: LAG_SECONDS, list: LAG_SECONDS },
	deviceLookup: { passingNotFound: 0 },
});

async function runScript(scriptName: string, parameters: object = {}, more: More = {}) {
	return await runOnTenant(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId(contosoMachineId(FINANCE)),
			scriptName: byId(scriptName),
			comment: 'Alert 4711',
			options: {},
			...parameters,
		},
		more,
	);
}

const starts = () => emulator.requests.matching(/runliveresponse/);
const lists = () => emulator.requests.matching(/GET \/api\/machineactions\?/);
const runsOf = (scriptName: string, name = FINANCE) =>
	emulator.tenant.machines.runsOf(contosoMachineId(name), scriptName);
const startOnly = { waitForCompletion: false };
const keyed = (idempotencyKey: string, more: object = {}) => ({
	options: { idempotencyKey, ...more },
});
const started = () =>
	emulator.tenant.actions.all.filter(({ requestorComment }) => requestorComment?.includes('[n8n'))
		.length;
const startsOn = (id: string) => starts().filter(({ url }) => url.includes(id)).length;
/** A loop over devices. */
function deviceOfEachRound(rounds: number) {
	const ids = Array.from({ length: rounds }, () => emulator.tenant.machines.add({}));
	const parameters = { ...startOnly, machineId: byId('={{ $json.ids[$runIndex] }}') };
	return { ids, parameters, items: [{ json: { ids } }] };
}
const secondsOf = async (work: () => Promise<unknown>) => {
	const before = systemClock.now();
	await work();
	return (systemClock.now() - before) / 1000;
};

/** Two executions, each in a process of its own, that note their starts at the same moment. */
async function atOneMoment(scriptName: string, first: object, second: object) {
	processedData.together(2);
	const run = async (executionId: string, parameters: object) =>
		await runScript(scriptName, parameters, { executionId, node: startProcess() });
	return await Promise.all([run('7', first), run('8', second)]);
}

/** A loop over four devices, of which the first round had run before n8n crashed, is retried. */
async function retryOfLoopThatCrashed() {
	const { ids, parameters, items } = deviceOfEachRound(4);
	await runScript('triage.ps1', parameters, { items, executionId: '7' });
	restartProcess();
	const retry = { items, executionId: '8', mode: 'retry', rounds: 4 } as const;
	const seconds = await secondsOf(async () => await runScript('triage.ps1', parameters, retry));
	return { startsByDevice: ids.map((id) => startsOn(id)), seconds };
}

describe('Stop while a start is under way', () => {
	const stopped = async (executionId: string) => {
		emulator.faults.order({ kind: 'lateAnswer', seconds: 3, path: /runliveresponse/ });
		const before = starts().length;
		const { status } = await runScript('slow.ps1', keyed('alert-1'), {
			executionId,
			started: (stop) => {
				void until(() => starts().length > before, 'the start', 5).then(stop);
			},
		});
		expect(status).toBe('canceled');
	};

	it.each([
		['of this process', () => {}],
		['of another process', restartProcess],
	])('leaves a run that the next execution %s with its key shares', async (_whose, between) => {
		await stopped('7');
		between();
		const { items } = await runScript('slow.ps1', keyed('alert-1'), { executionId: '8' });
		expect(items[0].json).toMatchObject({ attached: true, exit_code: 0 });
		expect(runsOf('slow.ps1')).toBe(1);
		expect(starts()).toHaveLength(1);
	});

	it('leaves the next execution with its key a failure, and no stop, where nothing of it is found', async () => {
		emulator.faults.order({ kind: 'lateAnswer', seconds: 3, path: /runliveresponse/ });
		const { status } = await runScript('slow.ps1', keyed('alert-1'), {
			executionId: '7',
			started: (stop) => {
				void until(() => started() > 0, 'the start', 5).then(stop);
			},
		});
		expect(status).toBe('canceled');
		emulator.tenant.actions.all.forEach((action) => (action.requestorComment = 'of somebody else'));
		const next = await runScript('slow.ps1', keyed('alert-1'), { executionId: '8' });
		expect(next.status).toBe('error');
		expect(next.error?.context?.details).toMatchObject({ code: 'startUnknown' });
		expect(starts()).toHaveLength(1);
	});
});

describe('a crash, and another process that goes on at once', () => {
	it('with the same execution finds its run as soon as it is listed', async () => {
		const first = await runScript('slow.ps1', startOnly, { executionId: '7' });
		restartProcess();
		const again = await runScript('slow.ps1', {}, { executionId: '7' });
		expect(again.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(again.hints).toContain(
			'Looked for up to 155 s for what n8n was about to start before, so that nothing runs twice',
		);
		expect(starts()).toHaveLength(1);
	});

	it('starts what was only about to be started, when the lag is over', async () => {
		emulator.faults.order({ kind: 'resetBefore', path: /runliveresponse/ });
		await runScript('triage.ps1', {}, { executionId: '7' });
		expect(starts()).toHaveLength(1);
		restartProcess();
		const again = await runScript('triage.ps1', {}, { executionId: '7' });
		expect(again.items[0].json).toMatchObject({ exit_code: 0 });
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('starts nothing when Max Wait is over before the lag is', async () => {
		await runScript('slow.ps1', startOnly, { executionId: '7' });
		restartProcess();
		const options = { maxWaitMinutes: 1 };
		const { error } = await runScript('slow.ps1', { options }, { executionId: '7' });
		expect(error).toMatchObject({
			message: 'It is not known whether an earlier try has started the machine action',
			context: { details: { code: 'startUnknown' } },
		});
		expect(starts()).toHaveLength(1);
	});

	it('looks once in each interval for all items together', async () => {
		const ids = Array.from({ length: 5 }, (_, at) =>
			emulator.tenant.machines.add({ computerDnsName: `farm-${at}.contoso.example` }),
		);
		const machineId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
		const items = ids.map((id) => ({ json: { id } }));
		await runScript('triage.ps1', { ...startOnly, machineId }, { items, executionId: '7' });
		restartProcess();
		emulator.requests.clear();
		const again = await runScript(
			'triage.ps1',
			{ ...startOnly, machineId },
			{ items, executionId: '7' },
		);
		expect(again.items.map(({ json }) => json.machineId)).toEqual(ids);
		expect(starts()).toEqual([]);
		expect(lists().length).toBeLessThanOrEqual(8);
	});

	it('in the same process is retried with the run that no list shows yet', async () => {
		const first = await runScript('slow.ps1', startOnly, { executionId: '7' });
		const retry = { executionId: '8', mode: 'retry', retryOf: first } as const;
		const retried = await runScript('slow.ps1', {}, retry);
		expect(retried.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(starts()).toHaveLength(1);
	});

	it('on which another execution of the node has overwritten the note finds its run all the same', async () => {
		const id = emulator.tenant.machines.add({});
		// What is noted once it was answered is not overwritten as well.
		emulator.faults.order({
			kind: 'slow',
			seconds: 0.3,
			path: new RegExp(`${id}/runliveresponse`),
		});
		const other = { ...startOnly, machineId: byId(id) };
		const [first] = await atOneMoment('slow.ps1', startOnly, other);
		restartProcess();
		const retry = { executionId: '9', mode: 'retry', retryOf: first } as const;
		const retried = await runScript('slow.ps1', {}, retry);
		expect(retried.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(starts()).toHaveLength(2);
	});

	it('finds also what was started long after the node had begun', async () => {
		const { ids, parameters } = deviceOfEachRound(3);
		const items = ids.map((id) => ({ json: { ids: [id] } }));
		const batching = { batch: { batchSize: 1, batchInterval: 8 * 60_000 } };
		const slow = { ...parameters, options: { batching } };
		await runScript('triage.ps1', slow, { items, executionId: '7' });
		restartProcess();
		await runScript('triage.ps1', parameters, { items, executionId: '8', mode: 'retry' });
		expect(ids.map((id) => startsOn(id))).toEqual([1, 1, 1]);
	});

	it('in a loop does not wait in each round that had not begun', async () => {
		const { startsByDevice, seconds } = await retryOfLoopThatCrashed();
		expect(startsByDevice).toEqual([1, 1, 1, 1]);
		expect(seconds).toBeLessThan(200);
	});

	it('in a loop finds the runs of all rounds', async () => {
		const { ids, parameters, items } = deviceOfEachRound(5);
		await runScript('triage.ps1', parameters, { items, executionId: '7', rounds: 3 });
		restartProcess();
		const retry = { items, executionId: '8', mode: 'retry', rounds: 5 } as const;
		await runScript('triage.ps1', parameters, retry);
		expect(ids.map((id) => startsOn(id))).toEqual([1, 1, 1, 1, 1]);
	});

	it('after a reset of the database, which counts executions anew, the script runs', async () => {
		await runScript('triage.ps1', {}, { executionId: '7' });
		processedData.reset();
		restartProcess();
		await runScript('triage.ps1', {}, { executionId: '7' });
		expect(runsOf('triage.ps1')).toBe(2);
	});
});

describe('a retry', () => {
	const DAY_MS = 24 * 3_600_000;

	/** Of an n8n that does not tell when an execution began. */
	function withoutContext(): INodeType {
		const process = startProcess();
		return {
			description: process.description,
			async execute(this: IExecuteFunctions) {
				Object.defineProperty(this, 'getExecutionContext', { value: () => undefined });
				return await process.execute!.call(this);
			},
		};
	}

	it.each([
		['after ten days, of an execution whose beginning n8n tells', 10, startProcess],
		['after a weekend, of one whose beginning n8n does not tell', 3, withoutContext],
	])('finds its run %s', async (_case, days, process) => {
		const first = await runScript('triage.ps1', startOnly, { executionId: '7', node: process() });
		await systemClock.sleep(days * DAY_MS);
		const retry = { executionId: '8', mode: 'retry', retryOf: first } as const;
		const retried = await runScript('triage.ps1', {}, { ...retry, node: process() });
		expect(retried.items[0].json).toMatchObject({
			machineActionId: first.items[0].json.machineActionId,
			exit_code: 0,
		});
		expect(starts()).toHaveLength(1);
	});
});

it('a retry finds its run although the clock of n8n is ahead of Defender by half an hour', async () => {
	const first = await runScript('triage.ps1', startOnly, { executionId: '7' });
	const { machineActionId } = first.items[0].json;
	emulator.tenant.actions.get(String(machineActionId))!.createdAt -= 30 * 60_000;
	restartProcess();
	const retried = await runScript(
		'triage.ps1',
		{},
		{ executionId: '8', mode: 'retry', retryOf: first },
	);
	expect(retried.items[0].json).toMatchObject({ machineActionId, exit_code: 0 });
	expect(starts()).toHaveLength(1);
});

describe('two retries at once of a crashed execution', () => {
	const retries = async (run: (executionId: string) => Promise<unknown>) =>
		await Promise.all(['8', '9'].map(run));

	it.each([false, true])(
		'start what had only been about to start once (in two processes: %s)',
		async (inTwo) => {
			emulator.faults.order({ kind: 'resetBefore', path: /runliveresponse/ });
			const first = await runScript('slow.ps1', startOnly, { executionId: '7' });
			expect(started()).toBe(0);
			restartProcess();
			const retry = { mode: 'retry', retryOf: first } as const;
			await retries(async (executionId) => {
				if (inTwo) restartProcess();
				await runScript('slow.ps1', startOnly, { ...retry, executionId });
			});
			expect(started()).toBe(1);
		},
	);

	it('start each round of a loop once, also where n8n lost which execution they retry', async () => {
		const { ids, parameters, items } = deviceOfEachRound(4);
		await runScript('triage.ps1', parameters, { items, executionId: '7', rounds: 1 });
		const [behind, ahead] = [startProcess(), startProcess()];
		const retry = { items, mode: 'retry', rounds: 4 } as const;
		await retries(async (executionId) => {
			const one = executionId === '8' ? ahead : behind;
			await runScript('triage.ps1', parameters, { ...retry, executionId, node: one });
		});
		expect(ids.map((id) => startsOn(id))).toEqual([1, 1, 1, 1]);
	});
});

describe('a start that Defender rejected', () => {
	const rejections = [
		['403', { kind: 'forbidden', path: /runliveresponse/ }],
		[
			'400',
			{
				kind: 'otherBody',
				path: /runliveresponse/,
				status: 400,
				body: { error: { code: 'InvalidInput', message: 'Not today' } },
			},
		],
	] as const;

	it.each(rejections)('with %s keeps no retry waiting, in this process', async (_code, fault) => {
		emulator.faults.order(fault);
		const first = await runScript('triage.ps1', startOnly, { executionId: '7' });
		expect(first.status).toBe('error');
		const retry = { executionId: '8', mode: 'retry', retryOf: first } as const;
		const waited = await secondsOf(async () => await runScript('triage.ps1', startOnly, retry));
		expect(waited).toBeLessThan(30);
		expect(starts()).toHaveLength(2);
	});

	it.each(rejections)('with %s keeps no other process waiting', async (_code, fault) => {
		const { ids } = deviceOfEachRound(3);
		const items = ids.map((id) => ({ json: { id } }));
		const parameters = { ...startOnly, machineId: byId('={{ $json.id }}') };
		emulator.faults.order({ ...fault, count: -1 });
		const first = await runScript('triage.ps1', parameters, { items, executionId: '7' });
		expect(first.status).toBe('error');
		emulator.faults.clear();
		// Nobody presses Retry as fast as that.
		await passed(200);
		restartProcess();
		const retry = { items, executionId: '8', mode: 'retry', retryOf: first } as const;
		const waited = await secondsOf(async () => await runScript('triage.ps1', parameters, retry));
		expect(waited).toBeLessThan(30);
		expect(started()).toBe(3);
	});

	it('and tried again by Retry On Fail, is noted again', async () => {
		emulator.faults.order({ kind: 'forbidden', path: /runliveresponse/ });
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const first = await runScript('slow.ps1', startOnly, { settings, executionId: '7' });
		restartProcess();
		const retry = { executionId: '8', mode: 'retry', retryOf: first } as const;
		const again = await runScript('slow.ps1', startOnly, retry);
		expect(again.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(started()).toBe(1);
	});
});

describe('n8n without a store of processed data', () => {
	beforeEach(() => processedData.takeAway());

	it('starts at once', async () => {
		const waited = await secondsOf(async () => await runScript('triage.ps1', startOnly));
		expect(waited).toBeLessThan(10);
		expect(starts()).toHaveLength(1);
	});

	it('waits once for the lists in a loop of a retried execution', async () => {
		const { startsByDevice, seconds } = await retryOfLoopThatCrashed();
		expect(startsByDevice).toEqual([1, 1, 1, 1]);
		expect(seconds).toBeLessThan(200);
	});

	it('waits for the lists when an execution is retried', async () => {
		const first = await runScript('slow.ps1', startOnly, { executionId: '7' });
		restartProcess();
		const retried = await runScript('slow.ps1', {}, { executionId: '8', mode: 'retry' });
		expect(retried.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(starts()).toHaveLength(1);
	});
});

describe('a first run', () => {
	it('waits for no lag, and looks into no list before it starts', async () => {
		const waited = await secondsOf(async () => await runScript('triage.ps1', startOnly));
		expect(waited).toBeLessThan(10);
		expect(lists()).toEqual([]);
		expect(processedData.queries).toBe(2);
	});

	it('of every further execution does not either', async () => {
		for (const executionId of ['7', '8', '9']) {
			const work = async () => await runScript('triage.ps1', {}, { executionId });
			await work();
		}
		expect(runsOf('triage.ps1')).toBe(3);
		expect(processedData.queries).toBe(6);
	});

	it('of two nodes with the same id runs both scripts', async () => {
		const { stored } = await runScript(
			'triage.ps1',
			{},
			{ isFollowedByAnother: true, settings: { id: 'node-of-an-older-workflow' } },
		);
		expect(stored.status).toBe('success');
		expect(runsOf('triage.ps1')).toBe(2);
	});
});

describe('Retry On Fail', () => {
	it('does not wait for the lists when the start was refused', async () => {
		emulator.faults.order({ kind: 'forbidden', path: /runliveresponse/ });
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const waited = await secondsOf(
			async () => await runScript('triage.ps1', startOnly, { settings }),
		);
		expect(waited).toBeLessThan(30);
		expect(starts()).toHaveLength(2);
		expect(runsOf('triage.ps1')).toBe(0);
	});
});

describe('an idempotency key', () => {
	it('given again 40 s later, by another process, shares the run', async () => {
		const first = await runScript(
			'slow.ps1',
			{ ...startOnly, ...keyed('a') },
			{ executionId: '7' },
		);
		await systemClock.sleep(40_000);
		restartProcess();
		const second = await runScript('slow.ps1', keyed('a'), { executionId: '8' });
		expect(second.items[0].json).toMatchObject({
			machineActionId: first.items[0].json.machineActionId,
			attached: true,
		});
		expect(starts()).toHaveLength(1);
	});

	describe.each(['fail', 'wait'])('with When Device Is Busy = %s', (whenBusy) => {
		it('given twice at the same moment, in two processes, shares one run', async () => {
			const parameters = keyed('a', { whenBusy });
			const [first, second] = await atOneMoment('triage.ps1', parameters, parameters);
			expect([first.status, second.status]).toEqual(['success', 'success']);
			expect(second.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
			expect(starts()).toHaveLength(1);
		});
	});

	it('is known to a third process although another run of the node has overwritten its note', async () => {
		const machineId = byId(emulator.tenant.machines.add({}));
		const [first] = await atOneMoment(
			'triage.ps1',
			{ ...startOnly, ...keyed('a') },
			{ ...startOnly, ...keyed('b'), machineId },
		);
		restartProcess();
		const third = await runScript('triage.ps1', keyed('a'), { executionId: '9' });
		expect(third.items[0].json).toMatchObject({
			machineActionId: first.items[0].json.machineActionId,
			attached: true,
		});
		expect(starts()).toHaveLength(2);
	});

	it('given twice at once by way of two regions shares one run', async () => {
		const regional = {
			...emulator.credential,
			apiUrl: emulator.credential.apiUrl.replace('127.0.0.1', 'localhost'),
		};
		const [first, second] = await Promise.all([
			runScript('slow.ps1', keyed('a'), { executionId: '7' }),
			runScript('slow.ps1', keyed('a'), {
				executionId: '8',
				credential: new StoredCredential(regional),
			}),
		]);
		expect(second.items[0].json.machineActionId).toBe(first.items[0].json.machineActionId);
		expect(starts()).toHaveLength(1);
	});

	it('given twice at once shares one run also with When Device Is Busy = Wait', async () => {
		const parameters = keyed('a', { whenBusy: 'wait' });
		const both = await Promise.all([
			runScript('slow.ps1', parameters, { executionId: '7' }),
			runScript('slow.ps1', parameters, { executionId: '8' }),
		]);
		const [first, second] = both.map(({ items }) => items[0].json.machineActionId);
		expect(second).toBe(first);
		expect(starts()).toHaveLength(1);
	});

	it('given to many items of one run is one run, whatever stands between them', async () => {
		const items = Array.from({ length: 27 }, (_, at) => ({
			json: {
				id:
					at % 26 === 0
						? contosoMachineId(FINANCE)
						: emulator.tenant.machines.add({ computerDnsName: `farm-${at}.contoso.example` }),
			},
		}));
		const machineId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
		const { items: results } = await runScript(
			'triage.ps1',
			{ machineId, ...keyed('a') },
			{ items },
		);
		expect(results).toHaveLength(27);
		expect(results[26].json.machineActionId).toBe(results[0].json.machineActionId);
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('with other commands is rejected while the run goes on, and when it has succeeded', async () => {
		await runScript('slow.ps1', { ...startOnly, ...keyed('a') }, { executionId: '7' });
		const during = await runScript('triage.ps1', keyed('a'), { executionId: '8' });
		expect(during.error).toMatchObject({
			message: 'This idempotency key belongs to a run that asked for something else',
			context: { details: { code: 'keyReused' } },
		});
		await runScript('slow.ps1', keyed('a'), { executionId: '9' });
		restartProcess();
		const after = await runScript('triage.ps1', keyed('a'), { executionId: '10' });
		expect(after.error?.context?.details).toMatchObject({ code: 'keyReused' });
		expect(runsOf('triage.ps1')).toBe(0);
	});

	it('is free for another run when the one before has failed', async () => {
		const first = await runScript('unsigned.ps1', keyed('a'), { executionId: '7' });
		expect(first.items[0].json.status).toBe('Failed');
		const second = await runScript('unsigned.ps1', keyed('a'), { executionId: '8' });
		expect(second.items[0].json.machineActionId).not.toBe(first.items[0].json.machineActionId);
		const other = await runScript('triage.ps1', keyed('a'), { executionId: '9' });
		expect(other.items[0].json).toMatchObject({ exit_code: 0 });
		expect(other.items[0].json).not.toHaveProperty('attached');
	});

	it('of a failed run starts nothing anew for the tries of the same call', async () => {
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const parameters = keyed('a', { failOnNonZeroExit: true });
		const { error } = await runScript('unsigned.ps1', parameters, { settings });
		expect(error?.message).toBe('The script did not run to its end');
		expect(starts()).toHaveLength(1);
	});

	it('of a failed run starts nothing anew for a later try either, when lists have long had it', async () => {
		emulator.tenant.library.add({
			fileName: 'fails-late.ps1',
			behaviour: { durationSeconds: 400, fails: 'The script is not signed.' },
		});
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const parameters = keyed('a', { failOnNonZeroExit: true });
		const { error } = await runScript('fails-late.ps1', parameters, { settings });
		expect(error?.message).toBe('The script did not run to its end');
		expect(starts()).toHaveLength(1);
	});

	it('finds the run of another execution whose answer was lost, and that was listed late', async () => {
		emulator.configure({ lag: { action: 250, list: 250 } });
		emulator.faults.order({ kind: 'lostAnswer', path: /runliveresponse/ });
		const lost = await runScript('triage.ps1', keyed('a'), { executionId: '7' });
		expect(lost.error?.context?.details).toMatchObject({ code: 'startUnknown' });
		const second = await runScript('triage.ps1', keyed('a'), { executionId: '8' });
		expect(second.error?.message).toBeUndefined();
		expect(second.items[0].json).toMatchObject({ script_name: 'triage.ps1', attached: true });
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('says attached also to a retry that takes the run of another execution', async () => {
		await runScript('triage.ps1', keyed('a'), { executionId: '7' });
		restartProcess();
		const retried = await runScript('triage.ps1', keyed('a'), { executionId: '9', mode: 'retry' });
		expect(retried.items[0].json).toMatchObject({ attached: true });
		expect(runsOf('triage.ps1')).toBe(1);
	});
});

describe("somebody else's start a moment before", () => {
	const foreignStart = {
		kind: 'foreignStart',
		path: /runliveresponse/,
		scriptName: 'exit-323.ps1',
	};

	it.each(['other', 'both'] as const)(
		'answered with their action (%s) is a busy device, or our run beside theirs',
		async (race) => {
			emulator.configure({ starts: { race } });
			emulator.faults.order(foreignStart as never);
			const { items, error } = await runScript('triage.ps1');
			if (race === 'both') expect(items[0].json).toMatchObject({ script_name: 'triage.ps1' });
			else expect(error?.context?.details).toMatchObject({ code: 'deviceBusy' });
			expect(runsOf('triage.ps1')).toBe(race === 'both' ? 1 : 0);
			expect(starts()).toHaveLength(1);
		},
	);

	it('is waited for with When Device Is Busy = Wait', async () => {
		emulator.configure({ starts: { race: 'other' } });
		emulator.faults.order(foreignStart as never);
		const { items } = await runScript('triage.ps1', { options: { whenBusy: 'wait' } });
		expect(items[0].json).toMatchObject({ script_name: 'triage.ps1', exit_code: 0 });
		expect(runsOf('triage.ps1')).toBe(1);
	});

	it('is attached to with When Device Is Busy = Return Result of Running One', async () => {
		emulator.configure({ starts: { race: 'other' } });
		emulator.faults.order(foreignStart as never);
		const { items } = await runScript('triage.ps1', { options: { whenBusy: 'attach' } });
		expect(items[0].json).toMatchObject({ script_name: 'exit-323.ps1', attached: true });
	});
});

describe('an answer with our comment, of an action that a reading shows to be of somebody else', () => {
	const echoed = (more: object = {}) => {
		emulator.configure({ lag: { action: 0, list: 0 }, starts: { race: 'echoed' } });
		emulator.faults.order({
			kind: 'foreignStart',
			path: /runliveresponse/,
			scriptName: 'slow.ps1',
			...more,
		} as never);
	};
	const foreign = () =>
		emulator.tenant.actions.all.find(({ requestorComment }) => !requestorComment?.includes('[n8n'));

	it.each([true, false])(
		'is a busy device as soon as it is read, with Wait for Completion = %s',
		async (waitForCompletion) => {
			echoed();
			const { error } = await runScript('triage.ps1', { waitForCompletion });
			expect(error?.context?.details).toMatchObject({ code: 'deviceBusy' });
			expect(starts()).toHaveLength(1);
			expect(runsOf('triage.ps1')).toBe(0);
		},
	);

	it('is looked behind after the first interval, not when the other action has ended', async () => {
		echoed();
		await runScript('triage.ps1');
		const [seen, lookedForOwn] = lists().map(({ time }) => time);
		expect(seen - starts()[0].time).toBeLessThanOrEqual(12_000);
		expect(lookedForOwn - seen).toBeLessThanOrEqual(3000);
	});

	it('is started once by all that share it by their key', async () => {
		echoed();
		const parameters = keyed('a', { whenBusy: 'wait' });
		const both = await Promise.all([
			runScript('triage.ps1', parameters, { executionId: '7' }),
			runScript('triage.ps1', parameters, { executionId: '8' }),
		]);
		for (const { error } of both) expect(error?.message).toBeUndefined();
		const ids = both.map(({ items }) => items[0].json.machineActionId);
		expect(ids[0]).toBe(ids[1]);
		expect(ids[0]).not.toBe(foreign()?.id);
		expect(runsOf('triage.ps1')).toBe(1);
	});
});

it('When Device Is Busy = Wait counts from the first attempt, not from when the item began to queue', async () => {
	emulator.configure({ lag: { action: 0, list: 0 }, starts: { race: 'refused' } });
	await runScript('triage.ps1', { ...startOnly, scriptName: byId('slow.ps1') });
	emulator.faults.order({
		kind: 'tooManyRequests',
		path: /runliveresponse/,
		retryAfter: 'seconds',
		seconds: 90,
	});
	const options = { whenBusy: 'wait', maxWaitMinutes: 1 };
	const { items } = await runScript('triage.ps1', { options }, { executionId: '8' });
	expect(items[0].json).toMatchObject({ script_name: 'triage.ps1', exit_code: 0 });
	// The one in the way, the limit, the busy device, and its own.
	expect(starts().map(({ status }) => status)).toEqual([201, 429, 400, 201]);
});
