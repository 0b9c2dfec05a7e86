import {
	contosoActions,
	contosoMachineId,
	startEmulator,
	type Emulator,
} from '../../../emulator/emulator.mts';
import { apiClient, refusal, type Client } from './client.mts';

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
	emulator = await startEmulator({ limits: { callsPerMinute: Infinity } });
	client = apiClient(emulator);
});
afterAll(async () => {
	await emulator.stop();
});

const values = (answer: { json?: Record<string, never> }) =>
	answer.json?.value as unknown as Array<Record<string, unknown>>;

describe('machine actions', () => {
	it('are read with every field of the API', async () => {
		const { json } = await client.get(`/machineactions/${contosoActions.getFile}`);

		expect(json).toEqual({
			'@odata.context':
				'https://api-eu.securitycenter.microsoft.com/api/$metadata#MachineActions/$entity',
			id: contosoActions.getFile,
			type: 'LiveResponse',
			title: null,
			requestor: 'analyst@contoso.example',
			requestorComment: 'Live response',
			status: 'Succeeded',
			machineId: contosoMachineId('pc-fin-014.contoso.example'),
			computerDnsName: 'pc-fin-014.contoso.example',
			creationDateTimeUtc: expect.stringMatching(
				/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/,
			) as string,
			lastUpdateDateTimeUtc: expect.stringMatching(/\.\d{7}Z$/) as string,
			cancellationRequestor: null,
			cancellationComment: null,
			cancellationDateTimeUtc: null,
			errorHResult: 0,
			scope: null,
			externalId: null,
			requestSource: 'PublicApi',
			relatedFileInfo: null,
			commands: [
				{
					index: 0,
					startTime: null,
					endTime: expect.any(String) as string,
					commandStatus: 'Completed',
					errors: [],
					command: {
						type: 'GetFile',
						params: [{ key: 'Path', value: 'C:\\Users\\Public\\Documents\\notes.txt' }],
					},
				},
			],
			troubleshootInfo: null,
		});
	});

	it('are listed newest first, filtered, and by pages on the own origin', async () => {
		emulator.configure({ pageSize: 3 });
		const first = await client.filter('/machineactions', "type eq 'LiveResponse'");
		const nextLink = String(first.json?.['@odata.nextLink']);
		const second = await client.get(nextLink.slice(emulator.apiUrl.length));
		emulator.configure({ pageSize: 10_000 });

		expect(new URL(nextLink).origin).toBe(emulator.loginUrl);
		expect(values(first).map(({ id }) => id)).toEqual([
			contosoActions.realTranscript,
			contosoActions.documentationSample,
			contosoActions.linuxScript,
		]);
		expect(values(second)[0].id).toBe(contosoActions.exitCodeOne);
	});

	it.each(['$select=id', '$stop=1', '$top=10001', "$filter=computerDnsName%20eq%20'x'", 'x=1'])(
		'refuse the query %s',
		async (query) => {
			expect(refusal(await client.get(`/machineactions?${query}`))).toEqual([400, 'ODataError']);
		},
	);

	it.each([
		['an unknown action', '00000000-0000-4000-8000-000000000000', 0],
		['an unknown index', contosoActions.realTranscript, 1],
		['a negative index', contosoActions.realTranscript, -1],
		['PutFile', contosoActions.putFile, 0],
		['a command that failed', contosoActions.failed, 1],
		['a command that never ran', contosoActions.failed, 2],
		['an action that timed out', contosoActions.timedOut, 0],
		['a cancelled action', contosoActions.cancelled, 0],
		['another kind of action', contosoActions.isolate, 0],
	])('have no link for %s', async (_case, id, index) => {
		expect(refusal(await client.link(id, index))).toEqual([404, 'ResourceNotFound']);
	});

	it('are unknown by an id that is none', async () => {
		expect((await client.get('/machineactions/1')).status).toBe(404);
	});
});

describe('machines', () => {
	it('are found by filter, id and name', async () => {
		const filtered = await client.filter('/machines', "startswith(computerDnsName,'pc-fin-014')");
		const id = contosoMachineId('pc-fin-014.contoso.example');
		const byName = await client.get('/machines/pc-fin-014.contoso.example');

		expect(values(filtered).map(({ computerDnsName }) => computerDnsName)).toEqual([
			'pc-fin-014.contoso.example',
			'pc-fin-0140.contoso.example',
		]);
		expect((await client.get(`/machines/${id}`)).json).toEqual(byName.json);
		expect(byName.json).toMatchObject({
			id,
			osPlatform: 'Windows11',
			machineTags: ['Finance', 'VIP'],
		});
	});

	it('are found by tag, whole or by its beginning', async () => {
		const whole = await client.get('/machines/findbytag?tag=Finance&useStartsWithFilter=false');
		const beginning = await client.get('/machines/findbytag?tag=Finance&useStartsWithFilter=true');
		const none = await client.get('/machines/findbytag?tag=finance');

		expect([whole, beginning, none].map((answer) => values(answer).length)).toEqual([2, 3, 0]);
		expect(refusal(await client.get('/machines/findbytag'))).toEqual([
			400,
			'MissingRequiredParameter',
		]);
		expect(refusal(await client.get('/machines/findbytag?tag=a&$top=1'))).toEqual([
			400,
			'BadRequest',
		]);
	});

	it('are found by the IP address they had at a time', async () => {
		const find = async (ip: string, time: Date | string) =>
			await client.get(
				`/machines/findbyip(ip='${ip}',timestamp=${typeof time === 'string' ? time : time.toISOString()})`,
			);
		const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

		expect(values(await find('10.20.1.14', new Date()))).toHaveLength(1);
		expect(refusal(await find('10.20.1.15', new Date()))).toEqual([404, 'ResourceNotFound']);
		expect(values(await find('10.20.1.15', daysAgo(3)))).toHaveLength(1);
		expect(refusal(await find('10.20.1.14', daysAgo(31)))).toEqual([400, 'InvalidInput']);
		expect(refusal(await find('10.20.1.14', 'yesterday'))).toEqual([400, 'InvalidInput']);
		expect(refusal(await find('10.20.1.999', new Date()))).toEqual([400, 'InvalidIpAddress']);
	});
});

describe('roles', () => {
	const id = contosoActions.realTranscript;
	const machine = contosoMachineId('pc-fin-014.contoso.example');
	const calls: Record<string, (as: Client) => ReturnType<Client['get']>> = {
		link: async (as) => await as.link(id),
		actions: async (as) => await as.get('/machineactions'),
		machines: async (as) => await as.get('/machines'),
		machine: async (as) => await as.get(`/machines/${machine}`),
		library: async (as) => await as.get('/libraryfiles'),
		run: async (as) => await as.post(`/machines/${machine}/runliveresponse`, {}),
		cancel: async (as) => await as.post(`/machineactions/${id}/cancel`, {}),
	};

	it.each([
		['Machine.LiveResponse', ['run', 'cancel']],
		['Machine.Read.All', ['machines']],
		['Machine.ReadWrite.All', ['link', 'actions', 'machines', 'machine']],
		['Library.Manage', ['library']],
		['Machine.Isolate', ['cancel']],
		['Alert.Read.All', []],
	])('%s opens exactly its calls', async (role, opened) => {
		const { roles } = emulator.application;
		emulator.application.setRoles([role]);
		const as = apiClient(emulator);
		emulator.application.setRoles(roles);
		const allowed: string[] = [];
		for (const [name, call] of Object.entries(calls)) {
			if ((await call(as)).status !== 403) allowed.push(name);
		}

		expect(allowed).toEqual(opened);
	});

	it('that are removed close their calls for issued tokens too', async () => {
		const as = apiClient(emulator);
		emulator.application.removeRole('Library.Manage');
		const removed = await as.get('/libraryfiles');
		emulator.application.grantRole('Library.Manage');

		expect(refusal(removed)).toEqual([403, 'Forbidden']);
		expect((await as.get('/libraryfiles')).status).toBe(200);
	});
});

describe('other paths', () => {
	it.each([
		['GET', '/alerts', 404],
		['GET', '/machineactions/', 404],
		['GET', '/MachineActions', 404],
		['DELETE', '/machineactions', 405],
		['GET', `/machineactions/${contosoActions.putFile}?$select=id`, 400],
	])('%s %s is %i', async (method, path, status) => {
		expect((await client.send(method, path)).status).toBe(status);
	});
});
