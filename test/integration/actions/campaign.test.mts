/** Campaigns: one question to many devices, over many executions. */
import type { IDataObject } from 'n8n-workflow';

import type { MachineOptions } from '../../../emulator/tenant/machines.mts';
import { runNode } from '../../support/engine.mts';
import { systemClock } from '../../support/instantClock.mts';
import { startProcess } from '../../support/nodeProcess.mts';
import { processedData } from '../../support/processedData.mts';
import { byId } from '../../support/resourceLocator.mts';
import {
	credential,
	emulator,
	node,
	restartProcess,
	tenantForAllTests,
	type More,
} from '../../support/testBed.mts';
import { until } from '../../support/until.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

/** Of each test its own. */
let tag = '';
let key = '';
let tests = 0;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let startsAt: string;

tenantForAllTests({
	// Starts are counted: one that is answered with a 404 that passes is made again.
	deviceLookup: { passingNotFound: 0 },
	signIn: { tokensWithoutRoles: 0 },
	endings: { cancelComesLate: false },
});

beforeEach(() => {
	key = `campaign-${++tests}`;
	tag = `Sweep ${tests}`;
	startsAt = new Date(systemClock.now()).toISOString();
});

afterEach(async () => {
	emulator.faults.clear();
	emulator.configure({ limits: { sessions: 50 } });
	// Whatever waits for a device ends by then.
	await pass(150);
	emulator.requests.clear();
});

const add = (count: number, options: MachineOptions = {}): string[] =>
	Array.from({ length: count }, () =>
		emulator.tenant.machines.add({ machineTags: [tag], ...options }),
	);

async function run(operation: string, parameters: object = {}, more: More = {}) {
	return await runNode({
		parameters: {
			resource: 'campaign',
			operation,
			campaignKey: key,
			startsAt,
			devicesFrom: 'filters',
			filters: { tag },
			scriptName: byId('triage.ps1'),
			comment: 'Ticket 4711',
			options: {},
			...parameters,
		},
		credential,
		node,
		...more,
	});
}

async function advance(parameters: object = {}, more: More = {}): Promise<IDataObject> {
	const { items, error } = await run('advance', parameters, more);
	if (error) throw error as Error;
	return items[0].json;
}

async function statusOf(machineId: string, parameters: object = {}): Promise<IDataObject> {
	const { items, error } = await run('getStatus', parameters);
	if (error) throw error as Error;
	return items.find(({ json }) => json.machineId === machineId)!.json;
}

const pass = async (minutes: number) => {
	await systemClock.sleep(minutes * MINUTE_MS);
	emulator.tenant.actions.settle();
	await emulator.settled();
};
const isLagging = () => emulator.settings.lag.list > 0;
/** Until whatever was started is done and listed. */
const untilListed = async () => await pass(3);
const starts = () => emulator.requests.matching(/runliveresponse/);
const runsOf = (machineId: string, script = 'triage.ps1') =>
	emulator.tenant.machines.runsOf(machineId, script);
const setOnline = (machineId: string, online: boolean) =>
	emulator.tenant.machines.change(machineId, { online });

describe('advance', () => {
	it('asks every device once, as fast as ten starts a minute allow, and says how far it is', async () => {
		const ids = add(14);
		expect(await advance()).toMatchObject({
			campaign: key,
			devices: 14,
			done: 0,
			pending: 10,
			queued: 4,
			startedNow: 10,
			finished: false,
		});
		await untilListed();
		expect(await advance()).toMatchObject({ done: 10, startedNow: 4, pending: 4 });
		await untilListed();
		expect(await advance()).toEqual({
			campaign: key,
			devices: 14,
			done: 14,
			failed: 0,
			running: 0,
			pending: 0,
			queued: 0,
			offline: 0,
			expired: 0,
			startedNow: 0,
			finished: true,
			estimatedMinutesLeft: 0,
		});
		expect(ids.map((id) => runsOf(id))).toEqual(ids.map(() => 1));
	});

	it('costs two calls beside its starts', async () => {
		add(3);
		await advance();
		await untilListed();
		emulator.requests.clear();
		await advance();
		expect(emulator.requests.matching(/GET \/api/)).toHaveLength(2);
		expect(starts()).toEqual([]);
	});

	it('is one item, or one for each device as well', async () => {
		const [first, second] = add(2);
		const { items } = await run('advance', { options: { eachDevice: true } });
		expect(items.map(({ json }) => json.machineId ?? json.devices)).toEqual([2, first, second]);
		expect(items[1].json).toMatchObject({ campaign: key, state: 'pending', attempts: 1 });
	});

	it('takes onboarded devices only, and neither excluded, merged nor WSL2 ones', async () => {
		const [id] = add(1);
		add(1, { onboardingStatus: 'CanBeOnboarded' });
		add(1, { isExcluded: true });
		add(1, { mergedIntoMachineId: id });
		add(1, { machineTags: [tag, 'WSL2'] });
		expect(await advance()).toMatchObject({ devices: 1, startedNow: 1 });
	});

	it('starts on what reported last first, and on nothing that has not reported for long', async () => {
		const hoursAgo = (hours: number) => ({
			lastSeen: new Date(systemClock.now() - hours * HOUR_MS).toISOString(),
			online: false,
		});
		const [old] = add(1, hoursAgo(60));
		const [middle] = add(1, hoursAgo(9));
		const [recent] = add(1, hoursAgo(1));
		const options = { maxUnfinished: 2 };
		expect(await advance({ options })).toMatchObject({ startedNow: 1, queued: 1, offline: 1 });
		expect(await statusOf(recent)).toMatchObject({ state: 'pending' });
		expect(await statusOf(middle)).toMatchObject({ state: 'queued' });
		expect(await statusOf(old)).toMatchObject({ state: 'offline', attempts: 0 });
	});

	it('gives up on what no device has taken up for an hour, and comes back to it when it reports', async () => {
		const [id] = add(1, { online: false });
		await advance();
		await pass(30);
		expect(await advance()).toMatchObject({ pending: 1, startedNow: 0 });
		await pass(31);
		await advance();
		await pass(1);
		const [other] = add(1);
		const options = { maxUnfinished: 2 };
		expect(await advance({ options })).toMatchObject({ startedNow: 1, queued: 1 });
		expect(await statusOf(other)).toMatchObject({ state: 'pending' });
		expect(await statusOf(id)).toMatchObject({ state: 'queued', attempts: 0, status: 'Cancelled' });
		setOnline(id, true);
		await untilListed();
		await advance();
		await untilListed();
		expect(await advance()).toMatchObject({ done: 2, finished: true });
		expect(runsOf(id)).toBe(1);
	});

	it('starts nothing beside another live response, and does not cancel its own beside one', async () => {
		const [busy] = add(1);
		emulator.tenant.actions.add({ machineId: busy, status: 'InProgress', commands: [] });
		expect(await advance()).toMatchObject({ queued: 1, startedNow: 0 });
		expect(starts()).toEqual([]);
		const [id] = add(1, { online: false });
		await advance();
		emulator.tenant.actions.add({ machineId: id, status: 'Pending', commands: [] });
		await pass(90);
		await advance();
		expect(emulator.requests.matching(/\/cancel/)).toEqual([]);
	});

	it('does not wait for a full tenant, and goes on when there is room', async () => {
		add(3);
		emulator.configure({ limits: { sessions: 1 } });
		const before = systemClock.now();
		await advance();
		expect(systemClock.now() - before).toBeLessThan(45_000);
		emulator.configure({ limits: { sessions: 50 } });
		await untilListed();
		await advance();
		await untilListed();
		expect(await advance()).toMatchObject({ done: 3 });
	});

	it('a device that takes no live responses has failed, with the reason, and is not asked each minute', async () => {
		const [id] = add(1, { agentSupported: false });
		expect(await advance()).toMatchObject({ failed: 1, finished: true });
		expect(await statusOf(id)).toMatchObject({
			state: 'failed',
			attempts: 0,
			reason: 'The Defender sensor on this device is too old for live response',
		});
		await advance();
		expect(starts()).toHaveLength(1);
	});

	it('begins at its start and asks nothing after its end', async () => {
		add(1);
		const later = new Date(systemClock.now() + HOUR_MS).toISOString();
		expect(await advance({ startsAt: later })).toMatchObject({ queued: 1, startedNow: 0 });
		const options = { expiresAt: new Date(systemClock.now() + 30 * MINUTE_MS).toISOString() };
		await pass(31);
		expect(await advance({ options })).toMatchObject({
			expired: 1,
			startedNow: 0,
			finished: true,
		});
	});
});

describe('a script that the workflow carries', () => {
	const text = (line: string) => ({
		...{ scriptSource: 'text', scriptType: 'powershell' },
		scriptText: `${line}\n# SIG # Begin signature block\n# MIIB\n# SIG # End signature block\n`,
	});

	it('is kept in the library under its content, and a changed one is another campaign', async () => {
		const [id] = add(1);
		expect(await advance(text('Get-Process'))).toMatchObject({ startedNow: 1 });
		await untilListed();
		expect(await advance(text('Get-Process'))).toMatchObject({ done: 1, startedNow: 0 });
		expect(emulator.requests.matching(/POST .*libraryfiles/)).toHaveLength(1);
		const [name] = emulator.tenant.library.all
			.map(({ fileName }) => fileName)
			.filter((fileName) => fileName.startsWith('n8n-'));
		expect(runsOf(id, name)).toBe(1);
		const { error } = await run('advance', text('Get-Service'));
		expect(error?.message).toBe('This campaign key belongs to another script or other arguments');
	});

	it('is looked for in the library once, however many campaigns of a run bring it', async () => {
		add(1);
		const items = ['a', 'b'].map((name) => ({ json: { key: `${key} ${name}` } }));
		const campaignKey = '={{ $json.key }}';
		const { stored } = await run('advance', { ...text('Get-Date'), campaignKey }, { items });
		expect(stored.status).toBe('success');
		expect(emulator.requests.matching(/GET .*libraryfiles/)).toHaveLength(1);
		expect(emulator.requests.matching(/POST .*libraryfiles/)).toHaveLength(1);
	});
});

describe('nothing twice', () => {
	it('when two advances run at once, in one process or in two', async () => {
		const ids = add(6);
		const other = startProcess();
		await Promise.all([advance(), advance(), advance({}, { node: other })]);
		await untilListed();
		await Promise.all([advance(), advance({}, { node: other })]);
		await untilListed();
		await pass(10);
		await advance({}, { node: other });
		await untilListed();
		expect(await advance()).toMatchObject({ done: 6 });
		expect(ids.map((id) => runsOf(id))).toEqual(ids.map(() => 1));
	});

	it('when an execution is stopped while it claims a device that another process is given', async () => {
		add(1);
		const node = startProcess();
		processedData.together(2);
		const started = (stop: () => void) => {
			void until(() => processedData.queries >= 2, 'both to claim', 5).then(stop);
		};
		await Promise.all([
			run('advance', {}, { node, started }),
			advance({}, { node: startProcess() }),
		]);
		await advance({}, { node });
		expect(starts()).toHaveLength(1);
	});

	it('when n8n restarts right after a start', async () => {
		const [id] = add(1);
		emulator.tenant.library.add({ fileName: 'hour.ps1', behaviour: { durationSeconds: 500 } });
		const parameters = { scriptName: byId('hour.ps1') };
		await advance(parameters);
		for (const minutes of [0, 1, 1, 1]) {
			await pass(minutes);
			restartProcess();
			expect(await advance(parameters)).toMatchObject({ startedNow: 0, queued: 0 });
		}
		expect(starts()).toHaveLength(1);
		await pass(20);
		expect(await advance(parameters)).toMatchObject({ done: 1 });
		expect(runsOf(id, 'hour.ps1')).toBe(1);
	});

	it('when the answer to a start is lost: it is found again', async () => {
		const [id] = add(1);
		emulator.faults.order({ kind: 'lostAnswer', path: /runliveresponse/ });
		expect(await advance()).toMatchObject({ running: 1, startedNow: 0 });
		for (let minute = 0; minute < 12; minute++) {
			await pass(1);
			await advance();
		}
		expect(await statusOf(id)).toMatchObject({ state: 'done', attempts: 1 });
		expect(runsOf(id)).toBe(1);
	});

	it('a start that never arrived counts as running until lists would show it, and is made then', async () => {
		const [id] = add(1);
		emulator.faults.order({ kind: 'resetBefore', path: /runliveresponse/ });
		expect(await advance()).toMatchObject({ running: 1 });
		await pass(2);
		restartProcess();
		expect(await advance()).toMatchObject({ running: 1, startedNow: 0 });
		expect(runsOf(id)).toBe(0);
		for (let minute = 0; minute < 10; minute++) {
			await pass(1);
			await advance();
		}
		await untilListed();
		expect(await statusOf(id)).toMatchObject({ state: 'done', attempts: 1 });
		expect(runsOf(id)).toBe(1);
	});

	it('when a campaign is paused for a week', async () => {
		const ids = add(2);
		const options = { expiresAt: new Date(systemClock.now() + 30 * 24 * HOUR_MS).toISOString() };
		await advance({ options });
		await pass(7 * 24 * 60);
		restartProcess();
		expect(await advance({ options })).toMatchObject({ done: 2, finished: true });
		expect(ids.map((id) => runsOf(id))).toEqual([1, 1]);
	});

	it('a device that has answered and fits the filters no more stays done', async () => {
		const [id] = add(1);
		await advance();
		await untilListed();
		emulator.tenant.machines.get(id)!.machine.machineTags = [];
		expect(await advance()).toMatchObject({ devices: 1, done: 1 });
	});

	it('a script that began and failed is not run again', async () => {
		const [id] = add(1);
		const parameters = { scriptName: byId('unsigned.ps1') };
		await advance(parameters);
		await untilListed();
		expect(await advance(parameters)).toMatchObject({ failed: 1, startedNow: 0, finished: true });
		expect(await statusOf(id)).toMatchObject({ state: 'failed', status: 'Failed' });
		expect(starts()).toHaveLength(1);
	});
});

describe('what does not fit the campaign is rejected before anything is started', () => {
	const rejected = async (parameters: object) => {
		const before = starts().length;
		const { error } = await run('advance', parameters);
		expect(starts()).toHaveLength(before);
		return error;
	};

	it.each([
		['another script', { scriptName: byId('fails.ps1') }],
		['other arguments', { args: '-Days 7' }],
	])('%s under the same key', async (_what, changed) => {
		add(1);
		await advance();
		await untilListed();
		add(1);
		expect(await rejected(changed)).toMatchObject({
			message: 'This campaign key belongs to another script or other arguments',
			context: { details: { code: 'keyReused' } },
		});
	});

	it('a start that moves with the clock', async () => {
		add(1);
		await advance();
		await pass(8);
		add(1);
		expect(await rejected({ startsAt: new Date(systemClock.now()).toISOString() })).toMatchObject({
			message: "This campaign began before its 'Starts At'",
			context: { details: { code: 'keyReused' } },
		});
	});

	it.each([
		['no key', { campaignKey: '={{ null }}' }, "'Campaign Key' is empty"],
		['no start', { startsAt: '={{ null }}' }, "'Starts At' is empty"],
		['no filter', { filters: {} }, "'Filters' is empty"],
		['empty filters', { filters: { tag: '', riskScore: [] } }, "'Filters' is empty"],
		[
			'a start that Defender may have forgotten',
			{ startsAt: '2020-01-01' },
			"'Starts At' is more than 60 days ago",
		],
		[
			'an end before the start',
			{ options: { expiresAt: '2021-01-01' } },
			"'Expires At' is not after 'Starts At'",
		],
	])('%s', async (_what, parameters, message) => {
		add(1);
		expect(await rejected(parameters)).toMatchObject({
			message,
			context: { details: { code: 'invalidInput' } },
		});
	});
});

describe('devices from items', () => {
	const fromItems = {
		devicesFrom: 'items',
		machineId: byId('={{ $json.id }}'),
		args: '={{ $json.args }}',
	};

	it('all items are one campaign, each with its own arguments', async () => {
		const seen: string[] = [];
		emulator.tenant.library.add({
			fileName: 'args.ps1',
			behaviour: ({ args }) => {
				seen.push(args);
				return {};
			},
		});
		const items = add(3).map((id, at) => ({ json: { id, args: `-Case ${at}` } }));
		const parameters = { ...fromItems, scriptName: byId('args.ps1') };
		expect(await run('advance', parameters, { items })).toMatchObject({
			items: [{ json: { devices: 3, startedNow: 3 } }],
		});
		await untilListed();
		const status = await run('getStatus', parameters, { items });
		expect(status.items.map(({ json, pairedItem }) => [json.state, pairedItem])).toEqual([
			['done', { item: 0 }],
			['done', { item: 1 }],
			['done', { item: 2 }],
		]);
		expect(seen.sort()).toEqual(['-Case 0', '-Case 1', '-Case 2']);
	});

	it('finds devices by name, counts one only once, and leaves out what is not there', async () => {
		add(1, { computerDnsName: 'pc-one.contoso.example' });
		const machineId = { __rl: true, mode: 'name', value: '={{ $json.name }}' };
		const items = ['pc-one.contoso.example', 'PC-ONE.contoso.example', 'nobody.example'].map(
			(name) => ({ json: { name, args: '' } }),
		);
		const result = await run('advance', { ...fromItems, machineId }, { items });
		expect(result.items.map(({ json }) => json.devices)).toEqual([1]);
		expect(result.hints).toContain(
			'Devices of some items were left out: Defender does not list them, or they cannot take live responses',
		);
	});

	it('two questions to one device are rejected', async () => {
		const [id] = add(1);
		const items = ['-Days 1', '-Days 2'].map((args) => ({ json: { id, args } }));
		const { error } = await run('advance', fromItems, { items });
		expect(error?.message).toBe('Two items of a campaign ask different questions of one device');
		expect(starts()).toEqual([]);
	});

	it('an item without a device is rejected', async () => {
		const items = [{ json: { id: '', args: '' } }];
		const { error } = await run('advance', fromItems, { items });
		expect(error?.message).toBe("'Device' does not name a device");
	});
});

describe('getResults', () => {
	it('gives the parsed result of each device that has answered, in the order in which they ended', async () => {
		const ids = add(3);
		await advance();
		await untilListed();
		const all = await run('getResults', { returnAll: true });
		expect(all.items.map(({ json }) => json.machineId).sort()).toEqual([...ids].sort());
		expect(all.items[0].json).toMatchObject({
			status: 'Succeeded',
			exit_code: 0,
			script_name: 'triage.ps1',
			comment: 'Ticket 4711',
		});
		expect((await run('getResults', { returnAll: false, limit: 2 })).items).toHaveLength(2);
		const endedAfter = new Date(systemClock.now()).toISOString();
		const none = await run('getResults', { returnAll: true, options: { endedAfter } });
		expect(none.items).toEqual([]);
	});

	it('also those of scripts that failed, with the reason; a result that is lost costs its item only', async () => {
		add(2);
		await advance({ scriptName: byId('unsigned.ps1') });
		await untilListed();
		const failed = await run('getResults', { returnAll: true });
		expect(failed.items).toHaveLength(2);
		expect(failed.items[0].json).toMatchObject({ commandStatus: 'Failed' });
		expect(failed.items[0].json.reason).toBeTruthy();
	});
});

describe('cancel', () => {
	it('cancels what is pending and nothing else', async () => {
		const [offline] = add(1, { online: false });
		const [online] = add(1);
		await advance();
		await untilListed();
		const { items } = await run('cancel');
		expect(items.map(({ json }) => json)).toEqual([
			{
				campaign: key,
				machineId: offline,
				computerDnsName: expect.any(String) as string,
				machineActionId: expect.any(String) as string,
				status: 'Pending',
				cancelRequested: true,
			},
		]);
		await pass(1);
		expect(await statusOf(offline)).toMatchObject({ state: 'queued', status: 'Cancelled' });
		expect(await statusOf(online)).toMatchObject({ state: 'done' });
	});
});

describe('one attempt that cannot be cancelled', () => {
	const offboarded = (device: string) => {
		const action = emulator.tenant.actions.all.find(({ machineId }) => machineId === device)!;
		const path = new RegExp(`${action.id}/cancel`);
		emulator.faults.order({ kind: 'notYetThere', path, count: Infinity });
	};

	it('costs none of the others their item', async () => {
		const [gone] = add(2, { online: false });
		await advance();
		await untilListed();
		offboarded(gone);
		const { items, status } = await run('cancel');
		emulator.faults.clear();
		expect(status).toBe('success');
		expect(items.map(({ json }) => json.cancelRequested).sort()).toEqual([false, true]);
		expect(items.find(({ json }) => json.cancelRequested === false)?.json.reason).toMatch(
			/not found/,
		);
	});

	it('is an error of Cancel where it is the only one', async () => {
		const [gone] = add(1, { online: false });
		await advance();
		await untilListed();
		offboarded(gone);
		const { error, items } = await run('cancel');
		expect(items).toEqual([]);
		expect(error).toMatchObject({ httpCode: '404' });
	});

	it('is told when the permission to cancel is missing', async () => {
		add(1, { online: false });
		await advance();
		await untilListed();
		await pass(61);
		emulator.faults.order({ kind: 'forbidden', path: /cancel/, count: 1 });
		const { error } = await run('advance');
		expect(error).toMatchObject({ httpCode: '403' });
	});

	it('keeps no other device waiting when it is given up', async () => {
		const [gone] = add(1, { online: false });
		await advance();
		await untilListed();
		offboarded(gone);
		const [next] = add(1);
		await pass(61);
		expect(await advance()).toMatchObject({ startedNow: 1 });
		emulator.faults.clear();
		await untilListed();
		expect(await statusOf(next)).toMatchObject({ state: 'done' });
	});
});

it('lists lag under harsh, so that the tests above are about it', () => {
	expect(isLagging()).toBe(globalThis.emulatorProfile === 'harsh');
});
