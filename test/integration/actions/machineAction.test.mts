import { contosoActions, contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { newestQuery, runnerOf, shareEmulator, type More } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator(async (started) => {
	emulator = started;
	await getAll({});
});

const run = runnerOf('machineAction', () => emulator);

const getAll = async (filters: object, parameters: object = {}, more: More = {}) =>
	await run({ operation: 'getAll', returnAll: true, filters, ...parameters }, more);

const cancel = async (id: string, parameters: object = {}, more: More = {}) =>
	await run(
		{ operation: 'cancel', machineActionId: { __rl: true, mode: 'id', value: id }, ...parameters },
		more,
	);

/** Method and url of every API call, with the query as a person reads it. */
const apiCalls = () =>
	emulator.requests
		.matching(/./)
		.map(({ method, url }) => `${method} ${decodeURIComponent(url.replaceAll('+', ' '))}`);

const offline = contosoMachineId('srv-web-02.contoso.example');
const linux = contosoMachineId('srv-web-01.contoso.example');

describe('Get Many', () => {
	it.each([
		['no filter', {}, ''],
		['type', { type: ['LiveResponse'] }, "$filter=type eq 'LiveResponse'&"],
		[
			'several statuses, however they are written',
			{ status: '={{ "pending, inprogress" }}' },
			"$filter=(status eq 'Pending' or status eq 'InProgress')&",
		],
		[
			'device by id',
			{ machineId: { __rl: true, mode: 'id', value: linux.toUpperCase() } },
			`$filter=machineId eq '${linux}'&`,
		],
		['requestor with a quote', { requestor: "o'neill@x" }, "$filter=requestor eq 'o''neill@x'&"],
		[
			'time, that of the workflow when it has no zone',
			{ createdAfter: '2026-01-01T00:00:00', createdBefore: '2099-07-01T00:00:00Z' },
			'$filter=creationDateTimeUtc ge 2026-01-01T05:00:00.000Z and creationDateTimeUtc le 2099-07-01T00:00:00.000Z&',
		],
	])('%s is filtered by the API in one call', async (_case, filters, query) => {
		const { status } = await getAll(filters);
		expect(status).toBe('success');
		expect(apiCalls()).toEqual([`GET /api/machineactions?${query}${newestQuery(emulator)}`]);
	});

	it('gives one simple item an action, newest first, paired with its input item', async () => {
		const { items } = await getAll({ type: ['Isolate', 'RunAntiVirusScan'] });
		expect(items.map(({ json }) => json.type)).toEqual(['Isolate', 'RunAntiVirusScan']);
		expect(items[0]).toEqual({
			json: {
				machineActionId: contosoActions.isolate,
				type: 'Isolate',
				status: 'Succeeded',
				finished: true,
				machineId: contosoMachineId('pc-fin-014.contoso.example'),
				computerDnsName: 'pc-fin-014.contoso.example',
				requestor: 'analyst@contoso.example',
				comment: 'Isolated for incident 4711',
				creationDateTimeUtc: expect.stringMatching(/^20.*Z$/),
				lastUpdateDateTimeUtc: expect.stringMatching(/^20.*Z$/),
				commands: [],
			},
			pairedItem: { item: 0 },
		});
	});

	it("gives the API's own objects without Simplify", async () => {
		const { items } = await getAll({ type: ['Isolate'] }, { simplify: false });
		expect(items[0].json).toMatchObject({ id: contosoActions.isolate, scope: 'Full' });
	});

	it('finds the actions of a device by its name, looked up once for all items', async () => {
		const { items } = await getAll(
			{
				machineId: { __rl: true, mode: 'name', value: '={{ $json.name }}' },
				status: ['Succeeded'],
			},
			{},
			{ items: [0, 1].map(() => ({ json: { name: 'srv-web-01.contoso.example' } })) },
		);
		expect(items.map(({ json, pairedItem }) => [json.machineActionId, pairedItem])).toEqual(
			[0, 1].flatMap((item) => [
				[contosoActions.linuxScript, { item }],
				[contosoActions.antiVirusScan, { item }],
			]),
		);
		expect(apiCalls().filter((call) => call.startsWith('GET /api/machines?'))).toHaveLength(1);
	});

	it('returns 50 by default, as many as the limit says, or all, over any number of pages', async () => {
		const requestor = 'many@contoso.example';
		for (let at = 0; at < 55; at++) {
			emulator.tenant.actions.add({ requestor, createdSecondsAgo: 100_000 + at });
		}
		emulator.configure({ pageSize: 10 });
		const filters = { requestor };
		expect((await run({ operation: 'getAll', filters })).items).toHaveLength(50);
		expect((await run({ operation: 'getAll', filters, limit: 4 })).items).toHaveLength(4);
		emulator.requests.clear();
		const { items } = await getAll(filters);
		expect(new Set(items.map(({ json }) => json.machineActionId)).size).toBe(55);
		expect(apiCalls()).toHaveLength(6);
	});

	it.each([
		[{ status: '={{ "Done" }}' }, "'Status' has an unknown value"],
		[{ type: '={{ "LiveRespons" }}' }, "'Type' has an unknown value"],
		[{ createdAfter: 'last week' }, "'Created After' is not a time"],
		[
			{ machineId: { __rl: true, mode: 'id', value: '={{ "pc-1" }}' } },
			"'Device' is neither the ID nor the name of a device",
		],
	])('%j is refused before any call', async (filters, message) => {
		const { error } = await getAll(filters);
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(emulator.requests.all).toEqual([]);
	});

	it('names the permission that is missing', async () => {
		emulator.faults.order({ kind: 'forbidden' });
		const { error } = await getAll({});
		expect(error).toMatchObject({
			message:
				'The app registration may not do this: it needs Machine.ReadWrite.All. Grant it in Microsoft Entra, then open the credential in n8n and choose Retry, so that it gets a new token',
			httpCode: '403',
		});
	});
});

describe('Cancel', () => {
	const pending = () =>
		emulator.tenant.actions.add({
			machineId: offline,
			status: 'Pending',
			createdSecondsAgo: 60,
			commands: [{ type: 'RunScript', scriptName: 'hello.sh', status: 'Created' }],
		});

	it('cancels what the device has not taken up, with the comment', async () => {
		const id = pending();
		const { items } = await cancel(id, { comment: 'Not needed: incident 4711' });
		expect(items).toEqual([
			{
				json: expect.objectContaining({
					machineActionId: id,
					machineId: offline,
					type: 'LiveResponse',
				}),
				pairedItem: { item: 0 },
			},
		]);
		const [{ method, url, body }] = emulator.requests.matching(/./);
		expect([method, url, JSON.parse(body)]).toEqual([
			'POST',
			`/api/machineactions/${id}/cancel`,
			{ Comment: 'Not needed: incident 4711' },
		]);
		emulator.advance(10);
		const after = await run({
			operation: 'get',
			machineActionId: { __rl: true, mode: 'id', value: id },
		});
		expect(after.items[0].json.status).toBe('Cancelled');
	});

	it('has a comment of its own, which the API insists on', async () => {
		await cancel(pending(), { comment: ' ' });
		const [{ body }] = emulator.requests.matching(/^POST/);
		expect(JSON.parse(body)).toEqual({ Comment: 'Cancelled by an n8n workflow' });
	});

	it('a lost answer ends well', async () => {
		const id = pending();
		emulator.faults.order({ kind: 'lostAnswer', method: 'POST' });
		const { items, status } = await cancel(id, { simplify: false });
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({
			id,
			cancellationComment: 'Cancelled by an n8n workflow',
		});
	});

	it('one that is cancelled already is given as it is', async () => {
		const { items, status } = await cancel(contosoActions.cancelled);
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({ status: 'Cancelled', finished: true });
	});

	it.each([
		['succeeded', contosoActions.realTranscript, 'The machine action has already succeeded'],
		['failed', contosoActions.failed, 'The machine action has already ended as Failed'],
		['timed out', contosoActions.timedOut, 'The machine action has already ended as TimeOut'],
	])('one that has %s says so', async (_state, id, message) => {
		const { error, status } = await cancel(id);
		expect(status).toBe('error');
		expect(error).toMatchObject({ message, httpCode: '400', description: expect.any(String) });
	});

	it('one the device is at work on says so, and what to do', async () => {
		const id = emulator.tenant.actions.add({
			machineId: linux,
			status: 'InProgress',
			createdSecondsAgo: 60,
			commands: [{ type: 'RunScript', scriptName: 'hello.sh', status: 'Executing' }],
		});
		const { error } = await cancel(id);
		expect(error).toMatchObject({
			message: 'The device is already working on this machine action',
			httpCode: '400',
			description: expect.stringContaining("operation 'Wait'"),
		});
	});

	it.each([
		['Isolate', 'InProgress', "The operation 'Wait' waits for its end."],
		['RunAntiVirusScan', 'InProgress', "The operation 'Wait' waits for its end."],
		['Isolate', 'Succeeded', "such as 'Release' for 'Isolate'"],
		['RestrictCodeExecution', 'Failed', 'It can no longer be cancelled'],
		['StopAndQuarantineFile', 'TimeOut', 'Whether the device has done it is not known'],
		['CollectInvestigationPackage', 'Succeeded', "'Download' of the resource 'Result'"],
	] as const)('of a %s that is %s it says what that leaves to do', async (type, status, step) => {
		const id = emulator.tenant.actions.add({ type, status, createdSecondsAgo: 60 });
		const { error } = await cancel(id);
		expect(error).toMatchObject({ httpCode: '400', description: expect.stringContaining(step) });
		expect(error?.description).not.toContain('script');
	});

	it('an unknown one was not found', async () => {
		const { error } = await cancel('00000000-0000-4000-8000-000000000000');
		expect(error).toMatchObject({
			message: expect.stringMatching(/^Machine action .* was not found$/),
			httpCode: '404',
		});
	});

	it('goes on with the other items when it may', async () => {
		const id = pending();
		const { items } = await cancel(
			'={{ $json.id }}',
			{},
			{
				items: [{ json: { id: contosoActions.failed } }, { json: { id } }],
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(items[0].json.error).toBe('The machine action has already ended as Failed');
		expect(items[1]).toMatchObject({ json: { machineActionId: id }, pairedItem: { item: 1 } });
	});

	it('names a permission that is missing', async () => {
		emulator.faults.order({ kind: 'forbidden' });
		const { error } = await cancel(contosoActions.failed);
		expect(error).toMatchObject({
			message: expect.stringContaining('it needs Machine.LiveResponse'),
			httpCode: '403',
		});
	});
});

describe('Wait', () => {
	const wait = async (ids: string[]) =>
		await run(
			{
				operation: 'wait',
				machineActionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				options: { maxWaitMinutes: 1 },
			},
			{ items: ids.map((id) => ({ json: { id } })) },
		);

	it('finds out about many actions with one call for 19 of them', async () => {
		const ids = Array.from({ length: 65 }, () => emulator.tenant.actions.add({}));
		const { items, status } = await wait(ids);
		expect(status).toBe('success');
		expect(items.map(({ json }) => json.machineActionId)).toEqual(ids);
		const idsOf = (call: string) => call.match(/id eq [0-9a-f-]{36}/g)?.length;
		expect(apiCalls().map(idsOf)).toEqual([19, 19, 19, 8]);
	});

	it('reads one action by its id', async () => {
		const { items } = await wait([contosoActions.failed]);
		expect(items[0].json).toMatchObject({ status: 'Failed', finished: true });
		expect(apiCalls()).toEqual([`GET /api/machineactions/${contosoActions.failed}`]);
	});

	it('reads those that are no live responses together with the others', async () => {
		const isolation = emulator.tenant.actions.add({ type: 'Isolate' });
		const { items } = await wait([contosoActions.failed, isolation]);
		expect(items.map(({ json }) => json.machineActionId)).toEqual([
			contosoActions.failed,
			isolation,
		]);
		expect(apiCalls()).toEqual([expect.stringMatching(/machineactions\?.*id eq/)]);
	});

	it('says which action does not exist', async () => {
		const unknown = '00000000-0000-4000-8000-000000000000';
		const { error } = await wait([contosoActions.failed, unknown]);
		expect(error?.message).toContain(unknown);
	});
});
