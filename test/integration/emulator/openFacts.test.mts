import {
	contosoActions,
	contosoMachineId,
	startEmulator,
	type Emulator,
} from '../../../emulator/emulator.mts';
import { plainSettings } from '../../../emulator/settings.mts';
import { apiClient, refusal, type Client, type Reply } from './client.mts';

let emulator: Emulator;
let client: Client;
const now = 1_800_000_000_000;
const limits = {
	...plainSettings.limits,
	callsPerMinute: Infinity,
	callsPerHour: Infinity,
	runsPerMinute: Infinity,
};

beforeAll(async () => {
	emulator = await startEmulator({ clock: () => now, limits });
	client = apiClient(emulator, emulator.accessToken({ lifetimeSeconds: 1e6 }));
});
afterEach(() => {
	emulator.configure({ ...plainSettings, limits });
	// Whatever ran is over and its device free.
	emulator.advance(3 * 3600);
});
afterAll(async () => {
	await emulator.stop();
});

const machineId = contosoMachineId('pc-fin-014.contoso.example');
const start = async (id = machineId, Comment = 'Test', script = 'triage.ps1') =>
	await client.post(`/machines/${id}/runliveresponse`, {
		Comment,
		Commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: script }] }],
	});
const idOf = ({ json }: Reply) => String(json?.id);
const listedIds = ({ json }: Reply) =>
	(json?.value as unknown as Array<{ id: string }>).map(({ id }) => id);

describe('a result that is missing', () => {
	it.each([
		['putFile', 'of a PutFile', contosoActions.putFile, 0],
		['wrongIndex', 'of a command there is not', contosoActions.realTranscript, 1],
		['failedScript', 'of a script that failed', contosoActions.failed, 1],
		['running', 'of a command that never ran', contosoActions.failed, 2],
	] as const)('%s: %s, is a 404 or a 400', async (setting, _case, id, index) => {
		expect(refusal(await client.link(id, index))).toEqual([404, 'ResourceNotFound']);
		emulator.configure({ missingResult: { [setting]: 'invalidInput' } });
		expect(refusal(await client.link(id, index))).toEqual([400, 'InvalidInput']);
	});

	it('running: while the command runs and while its link lags behind, likewise', async () => {
		emulator.configure({ missingResult: { running: 'invalidInput' }, lag: { link: 4 } });
		const id = idOf(await start());
		const statuses: number[] = [];
		for (const seconds of [11, 15, 4]) {
			emulator.advance(seconds);
			statuses.push((await client.link(id)).status);
		}

		expect(statuses).toEqual([400, 400, 200]);
	});
});

describe('a list', () => {
	it.each([
		['$orderby=creationDateTimeUtc%20desc', { takesOrderBy: false }],
		['$count=true', { takesCount: false }],
		["$filter=contains(requestor,'app')", { takesContains: false }],
		["$filter=status%20in%20('Pending')", { takesIn: false }],
		["$filter=status%20eq%20'Pending'", { maxFilterNodes: 3 }],
	])('takes %s, or refuses it with words and an empty code', async (query, lists) => {
		expect((await client.get(`/machineactions?${query}`)).status).toBe(200);
		emulator.configure({ lists });
		const refused = await client.get(`/machineactions?${query}`);

		expect(refused.status).toBe(400);
		expect(refused.json).toEqual({
			error: { code: '', message: expect.stringContaining('not valid') as string },
		});
	});

	it('is in the order of ids where it is not newest first', async () => {
		emulator.configure({ lists: { order: 'byId' } });
		for (const path of ['/machineactions', '/machines']) {
			const ids = listedIds(await client.get(path));

			expect(ids).toEqual([...ids].sort());
		}
	});

	it('has a new action later than it can be read, when both are late', async () => {
		emulator.configure({ lag: { action: 2, list: 100 } });
		const id = idOf(await start());
		const seen: Array<[number, boolean]> = [];
		for (const seconds of [1, 1, 97, 1]) {
			emulator.advance(seconds);
			seen.push([
				(await client.get(`/machineactions/${id}`)).status,
				listedIds(await client.get('/machineactions')).includes(id),
			]);
		}

		expect(seen).toEqual([
			[404, false],
			[200, false],
			[200, false],
			[200, true],
		]);
	});
});
