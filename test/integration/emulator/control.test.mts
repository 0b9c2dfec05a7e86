import { request as httpRequest } from 'node:http';
import {
	contosoActions,
	contosoMachineId,
	startEmulator,
	type Emulator,
} from '../../../emulator/emulator.mts';
import { apiClient, reply, type Client } from './client.mts';

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
	emulator = await startEmulator();
	client = apiClient(emulator);
});
afterAll(async () => {
	await emulator.stop();
});

const control = async (method: string, path: string, body?: unknown) =>
	await reply(`${emulator.loginUrl}/_emulator/${path}`, {
		method,
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});

describe('the control API', () => {
	it('shows the tenant and the credential', async () => {
		const { json } = await control('GET', 'state');
		const machines = json?.machines as unknown as unknown[];

		expect(machines).toHaveLength(12);
		expect(json?.addresses).toMatchObject({ apiUrl: emulator.apiUrl });
		expect((await control('GET', 'credential')).json).toEqual(emulator.credential);
		expect((await control('GET', 'certificateCredential')).json?.privateKey).toContain(
			'PRIVATE KEY',
		);
	});

	it('shows requests without the token', async () => {
		await control('DELETE', 'requests');
		await client.get('/machines?$top=1');
		const { json } = await control('GET', 'requests');

		expect(json).toMatchObject([
			{
				to: 'api',
				method: 'GET',
				url: '/api/machines?$top=1',
				headers: { authorization: 'Bearer (present)' },
				body: '',
				status: 200,
			},
		]);
	});

	it('orders faults, one or several', async () => {
		await control('POST', 'faults', [
			{ kind: 'serverError', path: '/machines\\?' },
			{ kind: 'badGateway', path: '/machines\\?' },
		]);
		const statuses = [
			(await client.get('/machines?$top=1')).status,
			(await client.get('/machines?$top=1')).status,
			(await client.get('/machines?$top=1')).status,
		];

		expect(statuses).toEqual([500, 502, 200]);
	});

	it('adds finished actions whose results can be fetched at once', async () => {
		const { json } = await control('POST', 'actions', {
			commands: [
				{ type: 'RunScript', result: '{"exit_code": 5}' },
				{ type: 'GetFile', path: '/etc/hosts', contentBase64: 'AAE=' },
				{ type: 'RunScript', resultBase64: 'AAE=' },
			],
		});
		const [id] = json?.ids as unknown as string[];
		const bytes = await Promise.all(
			[0, 1, 2].map(async (index) => {
				const { bytes: content } = await reply(String((await client.link(id, index)).json?.value));
				return content.toString('hex');
			}),
		);

		expect(bytes[0]).toBe(Buffer.from('{"exit_code": 5}').toString('hex'));
		expect(bytes[1]).toMatch(/^1f8b08/);
		expect(bytes[2]).toBe('0001');
	});

	it('adds devices and scripts, moves time and tells what ran', async () => {
		const machine = await control('POST', 'machines', { osPlatform: 'Linux', online: false });
		const id = String(machine.json?.id);
		await control('POST', 'library', {
			fileName: 'x.sh',
			behaviour: { exitCode: 4, output: 'x\n' },
		});
		await client.post(`/machines/${id}/runliveresponse`, {
			Comment: 'Test',
			Commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: 'x.sh' }] }],
		});
		await control('POST', 'advance', { seconds: 600 });
		await control('PATCH', `machines/${id}`, { online: true });
		await control('POST', 'advance', { seconds: 60 });
		const { json } = await control('GET', 'state');

		expect(json?.machines).toContainEqual(
			expect.objectContaining({ id, online: true, runs: { 'x.sh': 1 } }),
		);
		expect((json?.actions as unknown as unknown[])[0]).toMatchObject({
			machineId: id,
			status: 'Succeeded',
		});
	});

	it('changes settings, roles and tokens', async () => {
		await control('POST', 'settings', { linkLifetimeSeconds: 60, limits: { callsPerMinute: 90 } });
		expect(emulator.settings).toMatchObject({
			linkLifetimeSeconds: 60,
			limits: { callsPerMinute: 90, callsPerHour: 1500 },
		});

		await control('POST', 'roles', { roles: ['Library.Manage'] });
		expect((await apiClient(emulator).get('/machines')).status).toBe(403);
		await control('POST', 'revokeTokens');
		expect((await client.get('/machines')).status).toBe(401);
	});

	it('says what it does not understand', async () => {
		expect((await control('POST', 'nothing')).status).toBe(404);
		expect((await control('POST', 'advance', { seconds: -1 })).status).toBe(400);
		expect((await control('PATCH', 'machines/unknown', { online: true })).status).toBe(400);
		expect((await control('POST', 'faults', { kind: 'nonsense' })).status).toBe(400);
		expect((await control('POST', 'settings', { lag: { lists: 3 } })).json).toEqual({
			error: "There is no setting 'lag.lists'.",
		});
		expect((await control('POST', 'settings', { retryAfter: 'never' })).status).toBe(400);
	});

	it.each([
		['another host name', { host: 'rebound.example' }],
		['a web page', { origin: 'https://page.example' }],
	])('refuses %s', async (_case, headers) => {
		const status = await new Promise((resolve, reject) => {
			httpRequest(`${emulator.loginUrl}/_emulator/state`, { headers }, (response) => {
				response.resume();
				resolve(response.statusCode);
			})
				.on('error', reject)
				.end();
		});

		expect(status).toBe(403);
	});
});

describe('the ready-made tenant', () => {
	it('has the same ids on every start', () => {
		const action = emulator.tenant.actions.get(contosoActions.realTranscript);

		expect(action?.machineId).toBe(contosoMachineId('pc-fin-014.contoso.example'));
	});

	it('writes the transcript of a check in the shape of real devices', async () => {
		emulator.application.setRoles(['Machine.ReadWrite.All']);
		const { json } = await apiClient(emulator).link(contosoActions.realTranscript);
		const { text } = await reply(String(json?.value));

		expect(text).toBe(
			'{"script_name": "patch_check.ps1", "exit_code": 0, "script_output": "Transcript started, output file is C:\\\\ProgramData\\\\Microsoft\\\\Windows Defender Advanced Threat Protection\\\\Temp\\\\PSScriptOutputs\\\\PSScript_Transcript_{0C94F5D1-6A2B-4E83-B7F0-2D81A9C63E57}.txt\\n\\u0000", "script_errors": ""}',
		);
	});
});
