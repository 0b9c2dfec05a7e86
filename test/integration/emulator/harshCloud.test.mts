import {
	contosoActions,
	contosoMachineId,
	contosoOddActions,
	contosoTwins,
	startEmulator,
	type Emulator,
} from '../../../emulator/emulator.mts';
import { harshCloud } from '../../../emulator/harshCloud.mts';
import { documentedCloud } from '../../../emulator/cloudSettings.mts';
import { apiClient, refusal, type Client } from './client.mts';

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
	emulator = await startEmulator({
		contoso: harshCloud.contoso,
		limits: { callsPerMinute: Infinity, runsPerMinute: Infinity },
	});
	client = apiClient(emulator);
});
afterEach(() => {
	const { answers, deviceLookup } = documentedCloud;
	emulator.configure({ answers, deviceLookup });
});
afterAll(async () => {
	await emulator.stop();
});

type Entity = Record<string, unknown>;
const values = (answer: { json?: Record<string, never> }) =>
	answer.json?.value as unknown as Entity[];
const start = async (machineId: string) =>
	await client.post(`/machines/${machineId}/runliveresponse`, {
		Comment: 'Test',
		Commands: [{ type: 'PutFile', params: [{ key: 'FileName', value: 'tool.exe' }] }],
	});
const named = async (computerDnsName: string) =>
	values(await client.filter('/machines', `computerDnsName eq '${computerDnsName}'`));

describe('a 404 that passes', () => {
	it('hits the first readings and the first starts of each device', async () => {
		emulator.configure({ deviceLookup: { passingNotFound: 1 } });
		const [one, two] = [emulator.tenant.machines.add(), emulator.tenant.machines.add()];
		const read = async (id: string) => (await client.get(`/machines/${id}`)).status;

		expect([await read(one), await read(one), await read(two)]).toEqual([404, 200, 404]);
		expect(refusal(await start(one))).toEqual([404, 'ResourceNotFound']);
		expect(emulator.tenant.actions.activeOn(one)).toBeUndefined();
		expect((await start(one)).status).toBe(201);
	});
});

describe('a search that finds no device', () => {
	const searches = async () => [
		(await client.filter('/machines', "computerDnsName eq 'nowhere'")).status,
		(await client.get('/machines/findbytag?tag=nowhere')).status,
	];

	it('can be a 404', async () => {
		expect(await searches()).toEqual([200, 200]);
		emulator.configure({ deviceLookup: { noDevices: 'notFound' } });

		expect(await searches()).toEqual([404, 404]);
		expect(await named('srv-dc-01.contoso.example')).toHaveLength(2);
		expect((await client.get('/machines?$skip=1000')).status).toBe(200);
	});
});

describe('forms of answers', () => {
	it('are the same for every call of the API', async () => {
		emulator.configure({ answers: { errorBody: 'gateway' } });
		const gateway = { statusCode: 404, message: 'Resource not found' };

		expect((await client.get('/machines/unknown')).json).toEqual(gateway);
		expect((await client.link(contosoActions.putFile)).json).toEqual(gateway);
		expect((await client.get('/nowhere')).json).toEqual(gateway);
	});

	it('leave ordered faults as they were ordered', async () => {
		emulator.configure({ answers: { errorBody: 'emptyCode' } });
		emulator.faults.order({ kind: 'forbidden' });

		expect(refusal(await client.get('/machines'))).toEqual([403, 'Forbidden']);
	});

	it('have null for collections without entries', async () => {
		emulator.configure({ answers: { emptyCollections: 'null' } });
		const { json } = await client.get(`/machineactions/${contosoActions.realTranscript}`);
		const isolated = await client.get(`/machineactions/${contosoActions.isolate}`);

		expect((json?.commands as unknown as Entity[])[0].errors).toBeNull();
		expect(isolated.json?.commands).toBeNull();
	});
});

describe('odd actions in the history', () => {
	const action = async (id: string) => (await client.get(`/machineactions/${id}`)).json;

	it('are read and listed in their forms', async () => {
		const listed = values(await client.get('/machineactions')).map(({ id }) => id);

		expect(listed).toEqual(expect.arrayContaining(Object.values(contosoOddActions)));
		expect(await action(contosoOddActions.commandNames)).toMatchObject({ commands: ['PutFile'] });
		expect(await action(contosoOddActions.nullParams)).toMatchObject({
			commands: [{ errors: null, command: { type: 'RunScript', params: null } }],
		});
		expect(await action(contosoOddActions.timedOutWhileExecuting)).toMatchObject({
			status: 'TimeOut',
			commands: [{ commandStatus: 'Executing' }],
		});
		expect(await action(contosoOddActions.cancelledTooLate)).toMatchObject({
			status: 'Cancelled',
			commands: [{ commandStatus: 'Completed' }],
		});
	});

	it('reach to the year 9999', async () => {
		const answer = await client.filter(
			'/machineactions',
			'creationDateTimeUtc gt 9000-01-01T00:00:00Z',
		);
		const ids = values(answer).map(({ id }) => id);

		expect(ids).toEqual([contosoOddActions.yearNineThousand]);
	});
});

describe('devices that share a name', () => {
	it('are a guest and a discovered one beside the real one', async () => {
		const devices = await named('pc-fin-014.contoso.example');

		expect(devices).toMatchObject([
			{ id: contosoMachineId('pc-fin-014.contoso.example'), onboardingStatus: 'Onboarded' },
			{ id: contosoTwins.wslGuest, osPlatform: 'Linux', machineTags: ['WSL2'] },
			{ id: contosoTwins.discovered, onboardingStatus: 'CanBeOnboarded' },
		]);
	});

	it('are a duplicate, an excluded and a merged one', async () => {
		expect((await named('srv-dc-01.contoso.example'))[1]).toMatchObject({
			isPotentialDuplication: true,
		});
		expect((await named('srv-web-01.contoso.example'))[1]).toMatchObject({ isExcluded: true });
		expect((await named('srv-legacy-02.contoso.example'))[1]).toMatchObject({
			mergedIntoMachineId: contosoMachineId('srv-legacy-02.contoso.example'),
		});
	});

	it('are a device before it was reimaged and since then, both of them active', async () => {
		const [before, since] = await named('pc-new-21.contoso.example');

		expect([before.healthStatus, since.healthStatus]).toEqual(['Active', 'Active']);
		expect(before.osPlatform).toBe(since.osPlatform);
		expect(String(before.lastSeen) < String(since.firstSeen)).toBe(true);
	});

	it.each(['wslGuest', 'taggedWslGuest'] as const)('%s takes no actions', async (guest) => {
		expect(refusal(await start(contosoTwins[guest]))).toEqual([400, 'OsPlatformNotSupported']);
	});

	it('can be in lists only', async () => {
		const [{ id }] = await named('pc-gone-05.contoso.example');

		expect(id).toBe(contosoTwins.listedOnly);
		expect((await client.get(`/machines/${contosoTwins.listedOnly}`)).status).toBe(404);
		expect((await start(contosoTwins.listedOnly)).status).toBe(404);
	});
});
