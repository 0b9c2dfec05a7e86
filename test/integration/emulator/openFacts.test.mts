import {
	contosoActions,
	contosoMachineId,
	startEmulator,
	type Emulator,
} from '../../../emulator/emulator.mts';
import { profiles } from '../../../emulator/profiles.mts';
import { plainSettings } from '../../../emulator/settings.mts';
import { apiClient, refusal, reply, type Client, type Reply } from './client.mts';

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

describe('a start just after somebody else has started on the device', () => {
	const foreign = (comment = 'Not yours') =>
		emulator.faults.order({
			kind: 'foreignStart',
			comment,
			path: `/machines/${machineId}/runliveresponse$`,
		});
	const other = contosoMachineId('srv-dc-01.contoso.example');

	it('is refused, and other requests and devices do not bring it about', async () => {
		foreign();
		await client.get(`/machines/${machineId}`);
		expect((await start(other)).status).toBe(201);

		expect(refusal(await start())).toEqual([400, 'ActiveRequestAlreadyExists']);
		expect(emulator.faults.outstanding).toEqual([]);
	});

	it('is answered with the action of the other, which has a result of its own', async () => {
		emulator.configure({ starts: { race: 'other' } });
		const before = emulator.tenant.actions.all.length;
		foreign();
		const answer = await start();
		emulator.advance(60);
		const transcript = await reply(String((await client.link(idOf(answer))).json?.value));

		expect(answer.status).toBe(201);
		expect(answer.json).toMatchObject({
			requestorComment: 'Not yours',
			requestor: 'analyst@contoso.example',
			machineId,
		});
		expect(emulator.tenant.actions.all).toHaveLength(before + 1);
		expect(transcript.json).toMatchObject({ script_name: 'triage.ps1' });
	});

	it('can run beside the action of the other that it was answered with', async () => {
		emulator.configure({ starts: { race: 'both' } });
		emulator.faults.order({ kind: 'foreignStart' });
		const answer = await start();
		const [own] = emulator.tenant.actions.all.filter(
			({ requestorComment }) => requestorComment === 'Test',
		);
		emulator.advance(60);

		expect(answer.json?.requestorComment).toBe('Started by somebody else');
		expect((await client.get(`/machineactions/${own.id}`)).json).toMatchObject({
			status: 'Succeeded',
		});
		expect((await client.get(`/machineactions/${idOf(answer)}`)).json).toMatchObject({
			status: 'Succeeded',
		});
	});

	it('is refused as ever when a moment has passed', async () => {
		emulator.configure({ starts: { race: 'other' } });
		await start();
		emulator.advance(1.1);

		expect(refusal(await start())).toEqual([400, 'ActiveRequestAlreadyExists']);
	});
});

describe('a cancel call', () => {
	const cancel = async (id: string) =>
		await client.post(`/machineactions/${id}/cancel`, { Comment: 'enough' });
	const statusOf = async (id: string) => (await client.get(`/machineactions/${id}`)).json?.status;

	it.each([
		[false, 'Pending'],
		[true, 'Cancelled'],
	])("takes the device's other actions along: %s", async (cancelTakesAll, status) => {
		emulator.configure({ endings: { cancelTakesAll } });
		const id = emulator.tenant.machines.add();
		const [one, two] = [1, 2].map(() =>
			emulator.tenant.actions.add({
				machineId: id,
				status: 'Pending',
				commands: [{ type: 'RunScript' }],
			}),
		);
		await cancel(one);
		emulator.advance(5);

		expect([await statusOf(one), await statusOf(two)]).toEqual(['Cancelled', status]);
	});

	it('can come too late: Cancelled, with a command that is completed and its result', async () => {
		emulator.configure({ endings: { cancelComesLate: true } });
		const id = idOf(await start());
		const runs = emulator.tenant.machines.runsOf(machineId, 'triage.ps1');
		await cancel(id);
		emulator.advance(60);

		expect((await client.get(`/machineactions/${id}`)).json).toMatchObject({
			status: 'Cancelled',
			cancellationComment: 'enough',
			commands: [{ commandStatus: 'Completed' }],
		});
		expect((await client.link(id)).status).toBe(200);
		expect(emulator.tenant.machines.runsOf(machineId, 'triage.ps1')).toBe(runs + 1);
	});

	it('is in time, whatever is set, while the device is away', async () => {
		emulator.configure({ endings: { cancelComesLate: true } });
		const id = idOf(
			await start(contosoMachineId('srv-web-02.contoso.example'), 'Test', 'hello.sh'),
		);
		await cancel(id);
		emulator.advance(2);

		expect(await statusOf(id)).toBe('Cancelled');
	});
});

describe('an action that ended as TimeOut', () => {
	it.each(['Created', 'Executing'] as const)(
		'can have a command that is %s',
		async (timeOutCommand) => {
			emulator.configure({ endings: { timeOutCommand } });
			const id = idOf(
				await start(contosoMachineId('srv-web-02.contoso.example'), 'Test', 'hello.sh'),
			);
			emulator.advance(7200);

			expect((await client.get(`/machineactions/${id}`)).json).toMatchObject({
				status: 'TimeOut',
				commands: [{ commandStatus: timeOutCommand, startTime: null, endTime: null }],
			});
		},
	);
});

describe('a tenant whose sessions are all taken', () => {
	it.each([
		[false, 201],
		[true, 429],
	])('counts actions that wait for their device: %s', async (pendingTakesSession, status) => {
		emulator.configure({ throttling: { pendingTakesSession }, limits: { sessions: 1 } });
		await start(contosoMachineId('srv-web-02.contoso.example'), 'Test', 'hello.sh');
		const answer = await start();

		expect(answer.status).toBe(status);
		expect(answer.headers.get('retry-after')).toBeNull();
	});

	it('takes a start again as soon as one has ended', async () => {
		emulator.configure({ limits: { sessions: 1 } });
		await start(contosoMachineId('srv-dc-01.contoso.example'));
		const statuses: number[] = [];
		for (const seconds of [0, 20, 20]) {
			emulator.advance(seconds);
			statuses.push((await start()).status);
		}

		expect(statuses).toEqual([429, 429, 201]);
	});
});

describe('a refusal of a limit', () => {
	const refusals = async () => {
		emulator.configure({ limits: { callsPerMinute: 1, callsPerHour: 5 } });
		emulator.advance(3600);
		await client.get('/machines?$top=1');
		return await client.get('/machines?$top=1');
	};

	it('speaks of too many requests, or names the limit that is spent, as one that was recorded', async () => {
		expect((await refusals()).json).toMatchObject({ error: { code: 'TooManyRequests' } });
		emulator.configure({ throttling: { body: 'quota' } });
		expect((await refusals()).json).toEqual({
			error: {
				code: '429',
				message: 'API calls quota exceeded! maximum allowed 1 per 00:01:00',
				target: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
			},
		});
		emulator.configure({ throttling: { countsRefused: true } });
		for (let call = 0; call < 5; call += 1) await client.get('/machines?$top=1');
		emulator.advance(60);
		expect((await client.get('/machines?$top=1')).json).toMatchObject({
			error: { message: 'API calls quota exceeded! maximum allowed 5 per 01:00:00' },
		});
	});

	it.each([
		['seconds', /^60$/],
		['fraction', /^60\.00$/],
		['date', / GMT$/],
		['absent', /^none$/],
	] as const)('says when to come back: %s', async (retryAfter, form) => {
		emulator.configure({ retryAfter });

		expect((await refusals()).headers.get('retry-after') ?? 'none').toMatch(form);
	});

	it('meets the seventh upload of a minute, and no other call', async () => {
		emulator.configure({ limits: { uploadsPerMinute: 6 } });
		const statuses: number[] = [];
		for (let upload = 0; upload < 7; upload += 1) {
			const form = new FormData();
			form.set('file', new Blob(['exit 0']), `upload-${upload}.ps1`);
			statuses.push((await client.send('POST', '/libraryfiles', { body: form })).status);
		}

		expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
		expect((await client.get('/libraryfiles')).status).toBe(200);
	});
});

describe('the harsh profile', () => {
	it('can be taken up, and left, by a running emulator', async () => {
		emulator.configure({ ...profiles.harsh });
		const refused = await client.get('/machineactions?$count=true');
		emulator.configure({ ...plainSettings, limits });

		expect(refused.status).toBe(400);
		expect((await client.get('/machineactions?$count=true')).status).toBe(200);
	});
});
