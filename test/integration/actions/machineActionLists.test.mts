/** Lists of a cloud that takes no order, few conditions, and has machine actions in odd forms. */
import { contosoMachineId, contosoOddActions, type Emulator } from '../../../emulator/emulator.mts';
import { ACTION_TYPES } from '../../../nodes/DefenderLiveResponse/descriptions/machineActionFilters';
import { byId } from '../../support/resourceLocator.mts';
import { runnerOf, shareEmulator } from './sharedEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
shareEmulator(
	(started) => {
		emulator = started;
	},
	{
		lists: { order: 'byId', takesOrderBy: false, maxFilterNodes: 100, nextLinks: 'loseFilter' },
		contoso: { oddActions: true },
		answers: { errorBody: 'rotating', emptyCollections: 'null' },
		lag: { link: 0 },
	},
);

const run = runnerOf('machineAction', () => emulator);
const results = runnerOf('result', () => emulator);

const odd = Object.values(contosoOddActions);
const many = 'many@contoso.example';

const list = async (filters: object, parameters: object = {}) =>
	await run({ operation: 'getAll', filters, ...parameters });

const calls = () => emulator.requests.matching(/^GET/).map(({ url }) => decodeURIComponent(url));

describe('without an order of the API', () => {
	it('the first list finds that out, and no later one asks for it again', async () => {
		emulator.tenant.actions.add({ requestor: 'first@contoso.example', createdSecondsAgo: 7 });
		const { status } = await list({ requestor: 'first@contoso.example' });
		expect(status).toBe('success');
		expect(calls().map((call) => call.includes('$orderby'))).toEqual([true, false]);
		emulator.requests.clear();
		await list({ requestor: 'first@contoso.example' });
		expect(calls()).toHaveLength(1);
	});

	it('a limit gives the newest, over any number of pages', async () => {
		const ids = Array.from({ length: 30 }, (_, at) =>
			emulator.tenant.actions.add({ requestor: many, createdSecondsAgo: 1000 + at }),
		);
		for (const pageSize of [10_000, 7]) {
			emulator.configure({ pageSize });
			const { items } = await list({ requestor: many }, { limit: 4 });
			expect(items.map(({ json }) => json.machineActionId)).toEqual(ids.slice(0, 4));
		}
	});

	it('all come, newest first, and none of another filter', async () => {
		emulator.configure({ pageSize: 7 });
		const { items } = await list({ requestor: many }, { returnAll: true });
		const created = items.map(({ json }) => String(json.creationDateTimeUtc));
		expect(created).toHaveLength(30);
		expect(created).toEqual([...created].sort().reverse());
		expect(new Set(items.map(({ json }) => json.requestor))).toEqual(new Set([many]));
	});

	it('a refusal for another reason is told as it is, and teaches nothing', async () => {
		emulator.faults.order({ kind: 'forbidden' });
		const { error } = await list({});
		expect(error).toMatchObject({ httpCode: '403' });
	});
});

it('every filter at once stays within what a filter may hold', async () => {
	const { status } = await list({
		type: [...ACTION_TYPES],
		status: ['Cancelled', 'Failed', 'InProgress', 'Pending', 'Succeeded', 'TimeOut'],
		machineId: { __rl: true, mode: 'id', value: contosoMachineId('pc-fin-014.contoso.example') },
		requestor: 'analyst@contoso.example',
		createdAfter: '2020-01-01T00:00:00Z',
		createdBefore: '2099-01-01T00:00:00Z',
	});
	expect(status).toBe('success');
});

describe('machine actions in odd forms', () => {
	it('are in a list like others', async () => {
		const { items, status } = await list({ type: ['LiveResponse'] }, { returnAll: true });
		expect(status).toBe('success');
		const shown = Object.fromEntries(
			items.map(({ json }) => [String(json.machineActionId), json.commands]),
		);
		expect(Object.keys(shown)).toEqual(expect.arrayContaining(odd));
		expect(shown[contosoOddActions.commandNames]).toEqual([
			{
				index: 0,
				type: 'PutFile',
				name: null,
				status: 'Unknown',
				reason: null,
				startTime: null,
				endTime: null,
			},
		]);
		expect(shown[contosoOddActions.timedOutWhileExecuting]).toEqual([
			expect.objectContaining({
				name: 'hangs.ps1',
				reason: expect.stringMatching(/^It had begun and may still run\./),
			}),
		]);
	});

	it('are given as the API wrote them without Simplify', async () => {
		const { items } = await list({ type: ['LiveResponse'] }, { returnAll: true, simplify: false });
		const sent = items.find(({ json }) => json.id === contosoOddActions.commandNames);
		expect(sent?.json).toMatchObject({ commands: ['PutFile'], scope: null });
		const isolated = await list({ type: ['Isolate'] }, { simplify: false });
		expect(isolated.items[0].json).toMatchObject({ commands: null });
	});

	it('can be waited for, and are no harm to others', async () => {
		const { items, status } = await run(
			{
				operation: 'wait',
				machineActionId: byId('={{ $json.id }}'),
				options: { maxWaitMinutes: 1 },
			},
			{ items: odd.map((id) => ({ json: { id } })) },
		);
		expect(status).toBe('success');
		expect(items.map(({ json }) => [json.machineActionId, json.finished])).toEqual(
			odd.map((id) => [id, true]),
		);
	});

	it('without a time do not keep those waiting that have one', async () => {
		const running = (more: object) =>
			emulator.tenant.actions.add({ status: 'InProgress', createdSecondsAgo: 5, ...more });
		const timeless = running({ shownAs: { creationDateTimeUtc: null } });
		const ids = [timeless, running({})];
		const { items, status } = await run(
			{
				operation: 'wait',
				machineActionId: byId('={{ $json.id }}'),
				options: { maxWaitMinutes: 1 },
			},
			{ items: ids.map((id) => ({ json: { id } })) },
		);
		expect(status).toBe('success');
		expect(items.map(({ json }) => [json.machineActionId, json.finished])).toEqual(
			ids.map((id) => [id, false]),
		);
	});

	const allCommands = async (id: string) =>
		await results({
			operation: 'parseTranscript',
			source: 'machineAction',
			machineActionId: byId(id),
			allCommands: true,
		});

	it('give the result of a command that completed although its action was cancelled', async () => {
		const { items } = await allCommands(contosoOddActions.cancelledTooLate);
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({ status: 'Cancelled', exit_code: 0, output: 'It ran.' }),
		]);
	});

	it('say that the end of a command is not known, rather than that it never ran', async () => {
		const { items } = await allCommands(contosoOddActions.timedOutWhileExecuting);
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				status: 'TimeOut',
				commandStatus: 'Executing',
				reason: expect.stringMatching(/^It had begun and may still run\./),
			}),
		]);
	});
});
