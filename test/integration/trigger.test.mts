/** When the trigger starts the workflow, and what it costs. */
import { setWrongBy, systemClock } from '../support/instantClock.mts';
import type { TriggerOnEngine } from '../support/triggerOnEngine.mts';
import { DAY_SECONDS, FINANCE, idsOf, SERVER, TRAVEL, TriggerTenant } from './triggerTenant.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

let tenant: TriggerTenant;

beforeAll(async () => {
	tenant = await TriggerTenant.open();
});

afterAll(async () => await tenant.emulator.stop());

beforeEach(async () => await tenant.reset());

const withoutResults = { parameters: { includeResults: false } };

const active = async (set = {}) => {
	const trigger = tenant.trigger({ ...withoutResults, ...set });
	const first = await trigger.activate();
	expect(first).toEqual({ items: null });
	return trigger;
};

describe('the workflow is started', () => {
	it('not for what had ended when it was activated', async () => {
		await tenant.run();
		const trigger = await active();
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('once for a live response that ends, with one flat item', async () => {
		const trigger = await active();
		const id = tenant.start('triage.ps1', FINANCE);
		expect(await trigger.poll()).toEqual({ items: null });
		await tenant.end();
		const { items } = await trigger.poll();
		expect(items).toEqual([
			{
				json: {
					machineActionId: id,
					type: 'LiveResponse',
					status: 'Succeeded',
					finished: true,
					machineId: expect.stringMatching(/^[0-9a-f]{40}$/),
					computerDnsName: FINANCE,
					requestor: 'analyst@contoso.example',
					comment: 'Triage',
					creationDateTimeUtc: expect.stringMatching(/Z$/),
					lastUpdateDateTimeUtc: expect.stringMatching(/Z$/),
					commands: [
						{
							index: 0,
							type: 'RunScript',
							name: 'triage.ps1',
							status: 'Completed',
							startTime: expect.stringMatching(/Z$/),
							endTime: expect.stringMatching(/Z$/),
							reason: null,
						},
					],
				},
			},
		]);
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('for one that began and ended between two polls', async () => {
		const trigger = await active();
		const id = await tenant.run();
		expect(idsOf(await trigger.poll())).toEqual([id]);
	});

	it('once for all that have ended since the last poll, in the order in which they ended', async () => {
		const trigger = await active();
		const slow = tenant.start('slow.ps1', FINANCE);
		const quick = tenant.start('hello.sh', SERVER);
		await tenant.end(300);
		expect(idsOf(await trigger.poll())).toEqual([quick, slow]);
	});

	it('for one that was waiting for its device at activation, when that is done days later', async () => {
		const id = tenant.start('triage.ps1', TRAVEL);
		await tenant.end(3 * DAY_SECONDS);
		const trigger = await active();
		await tenant.run();
		await trigger.poll();
		tenant.setOnline(TRAVEL, true);
		await tenant.end();
		expect(idsOf(await trigger.poll())).toEqual([id]);
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it.each([
		['Failed', async () => await tenant.run('unsigned.ps1')],
		[
			'TimeOut',
			async () => {
				const id = tenant.start('triage.ps1', TRAVEL);
				await tenant.end(31 * DAY_SECONDS);
				return id;
			},
		],
		[
			'Cancelled',
			async () => {
				const id = tenant.start('triage.ps1', TRAVEL);
				const { actions } = tenant.emulator.tenant;
				actions.cancel(actions.get(id)!, 'analyst@contoso.example', 'Not needed');
				await tenant.end();
				return id;
			},
		],
	])('for one that ends as %s', async (status, happen) => {
		const trigger = await active();
		const id = await happen();
		const { items } = await trigger.poll();
		expect(items?.map(({ json }) => [json.machineActionId, json.status])).toEqual([[id, status]]);
	});

	it('for one that is listed two minutes late', async () => {
		const trigger = await active();
		tenant.emulator.configure({ lag: { action: 120 } });
		const late = tenant.start('hello.sh', SERVER);
		await tenant.end(40);
		tenant.emulator.configure({ lag: { action: 0 } });
		const early = tenant.start('triage.ps1', FINANCE);
		await tenant.end(40);
		expect(idsOf(await trigger.poll())).toEqual([early]);
		await tenant.end();
		expect(idsOf(await trigger.poll())).toEqual([late]);
	});

	it('not for other kinds of machine actions', async () => {
		const trigger = await active();
		tenant.emulator.tenant.actions.add({ type: 'Isolate', createdSecondsAgo: 1, tookSeconds: 0 });
		expect(await trigger.poll()).toEqual({ items: null });
	});
});

describe('machine actions in odd forms', () => {
	const oddForms = [
		{ commands: ['PutFile'] },
		{ commands: null },
		{ commands: [{ index: 0, errors: null, command: null }] },
		{ commands: [null] },
		{ id: null },
		{
			creationDateTimeUtc: '9999-12-31T23:59:59.9999999Z',
			lastUpdateDateTimeUtc: '9999-12-31T23:59:59.9999999Z',
		},
		{ lastUpdateDateTimeUtc: null, requestor: null, requestorComment: null },
	];

	it('start the workflow once, like the others that end', async () => {
		const trigger = await active();
		const { actions } = tenant.emulator.tenant;
		const ids = oddForms.map((shownAs) =>
			actions.add({ createdSecondsAgo: 2, tookSeconds: 1, shownAs }),
		);
		const usual = await tenant.run();
		const withId = ids.filter((_, at) => oddForms[at].id !== null);
		expect(idsOf(await trigger.poll()).sort()).toEqual([...withId, usual].sort());
		const next = await tenant.run();
		expect(idsOf(await trigger.restart())).toEqual([next]);
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('hold back no other when the trigger filters by script', async () => {
		const filters = { scriptName: { __rl: true, mode: 'id', value: 'triage.ps1' } };
		const trigger = await active({ parameters: { includeResults: false, filters } });
		const { actions } = tenant.emulator.tenant;
		const unclear = [
			{ commands: [{ index: 0, command: { type: 'RunScript', params: null } }] },
			{ commands: ['RunScript'] },
			{ commands: null },
		].map((shownAs) => actions.add({ createdSecondsAgo: 2, tookSeconds: 1, shownAs }));
		const warnings = trigger.warnings;
		const usual = await tenant.run('triage.ps1');
		expect(idsOf(await trigger.poll())).toEqual([usual]);
		expect([...warnings].sort()).toEqual(
			unclear
				.slice(0, 2)
				.sort()
				.map((id) => expect.stringContaining(`${id} has ended and does not say which script`)),
		);
		expect(await trigger.poll()).toEqual({ items: null });
		expect(warnings).toHaveLength(2);
	});

	it('do not keep it from beginning when they are the newest', async () => {
		tenant.emulator.tenant.actions.add({ createdSecondsAgo: 1, shownAs: oddForms[5] });
		const trigger = await active();
		const id = await tenant.run();
		expect(idsOf(await trigger.poll())).toEqual([id]);
	});
});

describe('exactly once', () => {
	it('when n8n restarts after the end and before the next poll', async () => {
		const trigger = await active();
		const id = await tenant.run();
		expect(idsOf(await trigger.restart())).toEqual([id]);
		expect(await trigger.restart()).toEqual({ items: null });
	});

	it('when n8n restarts with what it had stored before the last polls', async () => {
		const trigger = await active();
		const first = await tenant.run();
		expect(idsOf(await trigger.poll())).toEqual([first]);
		const waiting = tenant.start('triage.ps1', TRAVEL);
		await trigger.poll();
		await trigger.poll();
		expect(await trigger.restart()).toEqual({ items: null });
		tenant.setOnline(TRAVEL, true);
		await tenant.end();
		expect(idsOf(await trigger.restart())).toEqual([waiting]);
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('when n8n was off for days', async () => {
		const trigger = await active();
		const ids = [await tenant.run('hello.sh', SERVER)];
		await tenant.end(2 * DAY_SECONDS);
		ids.push(await tenant.run('triage.ps1', FINANCE));
		expect(idsOf(await trigger.restart())).toEqual(ids);
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it('over several pages', async () => {
		const trigger = await active();
		tenant.emulator.configure({ pageSize: 2 });
		const ids: string[] = [];
		for (let count = 0; count < 5; count++) ids.push(await tenant.run('hello.sh', FINANCE));
		expect(idsOf(await trigger.poll())).toEqual(ids);
		expect(await trigger.poll()).toEqual({ items: null });
	});

	it("with n8n's durable cursors, which store every poll", async () => {
		const trigger = await active({ durableCursors: true });
		const waiting = tenant.start('triage.ps1', TRAVEL);
		await tenant.end();
		await trigger.poll();
		expect(trigger.storedText()).toContain(waiting);
		tenant.setOnline(TRAVEL, true);
		await tenant.end();
		expect(idsOf(await trigger.restart())).toEqual([waiting]);
		expect(await trigger.restart()).toEqual({ items: null });
	});

	it('when a poll is still running as the next one begins', async () => {
		const trigger = await active();
		const id = await tenant.run();
		tenant.calls();
		tenant.emulator.faults.order({ kind: 'slow', seconds: 0.3, count: 1 });
		const [first] = await Promise.all([trigger.poll(), trigger.poll()]);
		expect(idsOf(first)).toEqual([id]);
		expect(await trigger.poll()).toEqual({ items: null });
		expect(trigger.starts).toBe(1);
		expect(tenant.calls()).toHaveLength(2);
	});
});

describe('a poll that fails', () => {
	it.each([
		['a 429 that lasts', { kind: 'tooManyRequests', seconds: 60 }, '429', /limit is used up/],
		['a 5xx that lasts', { kind: 'serverError' }, '500', /HTTP status 500/],
		['a connection that breaks', { kind: 'resetBefore' }, null, /could not be reached/],
		[
			'a sign-in that is refused',
			{ kind: 'revokeTokens', on: 'api' },
			null,
			/sign-in|secret|Entra/i,
		],
	] as const)('with %s is reported, and loses nothing', async (_case, fault, httpCode, message) => {
		const trigger = await active();
		const id = await tenant.run();
		tenant.emulator.faults.order({ ...fault, count: fault.kind === 'revokeTokens' ? 1 : Infinity });
		if (fault.kind === 'revokeTokens') {
			tenant.emulator.faults.order({
				kind: 'signInError',
				error: 'invalid_client',
				code: 7000215,
				count: Infinity,
			});
		}
		const stored = trigger.storedText();
		const failed = await trigger.poll();
		expect(failed.items).toBeNull();
		expect(failed.error).toMatchObject({
			name: 'NodeApiError',
			message: expect.stringMatching(message),
		});
		expect(failed.error?.httpCode ?? null).toBe(httpCode);
		expect(trigger.storedText()).toBe(stored);
		tenant.emulator.faults.clear();
		await systemClock.sleep(60_000);
		expect(idsOf(await trigger.poll())).toEqual([id]);
	});

	it('at activation keeps the workflow from being activated', async () => {
		tenant.emulator.faults.order({ kind: 'forbidden', count: Infinity });
		await expect(tenant.trigger(withoutResults).activate()).rejects.toThrow(
			'The app registration may not do this: it needs Machine.ReadWrite.All. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
		);
	});
});

describe('calls', () => {
	const LIST =
		/^GET \/api\/machineactions\?\$filter=type eq 'LiveResponse' and \(creationDateTimeUtc ge 20[^ ]+Z or status eq 'Pending' or status eq 'InProgress'\)&([^&]+)$/;
	const queryOf = (call: string) => LIST.exec(call)?.[1];

	it('are two at activation, and one for a poll, however many are unfinished', async () => {
		for (let count = 0; count < 40; count++) tenant.start('triage.ps1', TRAVEL);
		await active();
		tenant.calls();
		const trigger = await active();
		const [first, ...others] = tenant.calls();
		expect(first).toBe(
			`GET /api/machineactions?$filter=type eq 'LiveResponse'&${tenant.newestQuery(10)}`,
		);
		expect(others.map(queryOf)).toEqual([tenant.newestQuery()]);
		await trigger.poll();
		expect(tenant.calls().map(queryOf)).toEqual([tenant.newestQuery()]);
	});

	it('are one more for nineteen that ended after the list had moved on', async () => {
		const trigger = await active();
		const ids = Array.from({ length: 20 }, () => tenant.start('triage.ps1', TRAVEL));
		await tenant.end(DAY_SECONDS);
		await tenant.run();
		await trigger.poll();
		tenant.setOnline(TRAVEL, true);
		await tenant.end();
		tenant.calls();
		expect(idsOf(await trigger.poll()).sort()).toEqual(ids.sort());
		const [list, ...lookUps] = tenant.calls();
		expect(queryOf(list)).toBe(tenant.newestQuery());
		expect(lookUps).toHaveLength(2);
		for (const call of lookUps) {
			expect(call).toMatch(
				/^GET \/api\/machineactions\?\$filter=type eq 'LiveResponse' and (\((id eq [0-9a-f-]{36}( or )?)+\)|id eq [0-9a-f-]{36})&\$top=10000$/,
			);
			expect(call.length).toBeLessThan(1500);
		}
	});
});

describe('more than a hundred that ended after the list had moved on', () => {
	it('cost one more list', async () => {
		const trigger = await active();
		const ids = Array.from({ length: 120 }, () => tenant.start('triage.ps1', TRAVEL));
		await tenant.end(DAY_SECONDS);
		await tenant.run();
		await trigger.poll();
		tenant.setOnline(TRAVEL, true);
		await tenant.end();
		tenant.calls();
		expect(idsOf(await trigger.poll()).sort()).toEqual(ids.sort());
		expect(tenant.calls()).toEqual([
			expect.stringMatching(/creationDateTimeUtc ge .* or status eq 'Pending'/),
			expect.stringMatching(/'LiveResponse' and creationDateTimeUtc ge 20[^ ]+Z&\$top=10000$/),
		]);
	});
});

describe('a clock that is wrong', () => {
	afterEach(() => setWrongBy(0));

	it('by 30 days for one poll loses nothing afterwards', async () => {
		const trigger = await active();
		const ids = [await tenant.run()];
		setWrongBy(30 * DAY_SECONDS * 1000);
		expect(idsOf(await trigger.poll())).toEqual(ids);
		setWrongBy(0);
		ids.push(await tenant.run());
		expect(idsOf(await trigger.poll())).toEqual([ids[1]]);
		expect(await trigger.restart()).toEqual({ items: null });
	});
});

describe('a live response that Defender does not list any more', () => {
	it('is reported as a failed execution, and the others still come', async () => {
		const trigger = await active();
		const gone = tenant.start('triage.ps1', TRAVEL);
		await tenant.end();
		await trigger.poll();
		tenant.emulator.tenant.actions.get(gone)!.type = 'RequestSample';
		const usual = await tenant.run();
		const polls = [await trigger.poll()];
		expect(idsOf(polls[0])).toEqual([usual]);
		for (let poll = 0; poll < 5; poll++) polls.push(await trigger.poll());
		expect(polls.flatMap(({ error }) => (error ? [error.message] : []))).toEqual([
			'Defender no longer lists 1 unfinished live response(s)',
		]);
	});
});

describe('what is stored', () => {
	const memoryOf = (trigger: TriggerOnEngine) => {
		const stored = JSON.parse(trigger.storedText()) as Record<string, { memory: string }>;
		const [node] = Object.values(stored);
		return JSON.parse(node.memory) as { filter: Record<string, unknown> };
	};

	it('is of no use to another workflow: there the trigger begins anew', async () => {
		const trigger = await active();
		const memory = memoryOf(trigger);
		await tenant.run();
		trigger.overwriteStored({ memory: JSON.stringify({ ...memory, workflowId: 'other' }) });
		expect(await trigger.restart()).toEqual({ items: null });
	});

	it('is of no use to another tenant: there the trigger begins anew', async () => {
		const trigger = await active();
		const memory = memoryOf(trigger);
		await tenant.run();
		trigger.overwriteStored({ memory: JSON.stringify({ ...memory, tenantId: 'other' }) });
		expect(await trigger.restart()).toEqual({ items: null });
	});

	it('of a version without all filters of today is gone on with', async () => {
		const trigger = await active();
		const memory = memoryOf(trigger);
		const { machineId, scriptNames, statuses, commandTypes, startedBy } = memory.filter;
		const filter = { machineId, scriptNames, statuses, commandTypes, startedBy };
		const id = await tenant.run();
		trigger.overwriteStored({ memory: JSON.stringify({ ...memory, filter }) });
		expect(idsOf(await trigger.restart())).toEqual([id]);
	});

	it.each([
		['statuses', null],
		['statuses', 'Failed'],
		['scriptNames', {}],
		['scriptNames', [null]],
		['commandTypes', 7],
		['machineId', ['a']],
		['startedBy', 'thisApp'],
		['startedBy', {}],
		['notStartedBy', { workflow: 'w' }],
		['key', {}],
		['campaign', 1],
	])('with %s = %j among its filters makes the trigger begin anew', async (name, value) => {
		const trigger = await active();
		const stored = JSON.parse(trigger.storedText()) as Record<string, { memory: string }>;
		const [[, node]] = Object.entries(stored);
		const memory = JSON.parse(node.memory) as { filter: object };
		await tenant.run();
		const filter = { ...memory.filter, [name]: value };
		trigger.overwriteStored({ memory: JSON.stringify({ ...memory, filter }) });
		expect(await trigger.restart()).toEqual({ items: null });
		const id = await tenant.run();
		expect(idsOf(await trigger.poll())).toEqual([id]);
	});

	it.each([
		['an id that is part of a query', { "x' or id ne 'y": { createdAt: 0 } }],
		['an id that is 36 hyphens', { ['-'.repeat(36)]: { createdAt: 0 } }],
		['no entry', { '0f3c2a1e-5b6d-4e8f-9a0b-1c2d3e4f5a6b': null }],
		['no time', { '0f3c2a1e-5b6d-4e8f-9a0b-1c2d3e4f5a6b': { createdAt: 'now' } }],
	])('with %s among the unfinished makes the trigger begin anew', async (_what, unfinished) => {
		const trigger = await active();
		const stored = JSON.parse(trigger.storedText()) as Record<string, { memory: string }>;
		const [[, node]] = Object.entries(stored);
		const memory = JSON.parse(node.memory) as object;
		await tenant.run();
		trigger.overwriteStored({ memory: JSON.stringify({ ...memory, unfinished }) });
		expect(await trigger.restart()).toEqual({ items: null });
		const asked = tenant.calls().join('\n');
		for (const id of Object.keys(unfinished)) expect(asked).not.toContain(id);
	});

	it.each(['{', '[]', '{"version":2}', '{"version":1,"tenantId":null}'])(
		'and is not understood (%s) makes the trigger begin anew',
		async (memory) => {
			const trigger = await active();
			await tenant.run();
			trigger.overwriteStored({ memory });
			expect(await trigger.restart()).toEqual({ items: null });
			const id = await tenant.run();
			expect(idsOf(await trigger.poll())).toEqual([id]);
		},
	);

	it('is not stored again when nothing has changed', async () => {
		const trigger = await active({ durableCursors: true });
		await trigger.poll();
		const stored = trigger.storedText();
		await trigger.poll();
		expect(trigger.storedText()).toBe(stored);
	});
});
