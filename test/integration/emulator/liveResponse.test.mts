import { gunzipSync } from 'node:zlib';
import { contosoMachineId, startEmulator, type Emulator } from '../../../emulator/emulator.mts';
import { apiClient, refusal, reply, type Client } from './client.mts';

let emulator: Emulator;
let client: Client;
let now = 1_800_000_000_000;

beforeAll(async () => {
	emulator = await startEmulator({
		clock: () => now,
		limits: { callsPerMinute: Infinity, callsPerHour: Infinity, runsPerMinute: Infinity },
	});
});
beforeEach(() => {
	// Whatever ran before is over and its device free.
	emulator.advance(3 * 3600);
	now += 1000;
	client = apiClient(emulator);
});
afterAll(async () => {
	await emulator.stop();
});

const machineId = contosoMachineId('pc-fin-014.contoso.example');
const script = (name: string, ...more: Array<{ key: string; value: unknown }>) => ({
	type: 'RunScript',
	params: [{ key: 'ScriptName', value: name }, ...more],
});
const body = (...Commands: unknown[]) => ({ Commands, Comment: 'Test' });
const run = async (request: unknown, id = machineId) =>
	await client.post(`/machines/${id}/runliveresponse`, request);
const idOf = (answer: { json?: Record<string, never> }) => String(answer.json?.id);

describe('runliveresponse', () => {
	it('answers 201 with the pending action', async () => {
		const answer = await run({
			...body(script('minidump.ps1', { key: 'Args', value: 'lsass' }), {
				type: 'GetFile',
				params: [{ key: 'Path', value: 'C:\\windows\\TEMP\\lsass.dmp.zip' }],
			}),
			ExternalId: 'marker',
		});

		expect(answer.status).toBe(201);
		expect(answer.json).toMatchObject({
			type: 'LiveResponse',
			status: 'Pending',
			requestorComment: 'Test',
			externalId: 'marker',
			requestSource: 'PublicApi',
			machineId,
			computerDnsName: 'pc-fin-014.contoso.example',
			errorHResult: 0,
			commands: [
				{
					index: 0,
					startTime: null,
					endTime: null,
					commandStatus: 'Created',
					errors: [],
					command: {
						type: 'RunScript',
						params: [
							{ key: 'ScriptName', value: 'minidump.ps1' },
							{ key: 'Args', value: 'lsass' },
						],
					},
				},
				{ index: 1, commandStatus: 'Created', command: { type: 'GetFile' } },
			],
		});
	});

	it('ends with results that can be downloaded', async () => {
		const id = idOf(
			await run(
				body(script('minidump.ps1', { key: 'Args', value: 'lsass' }), {
					type: 'GetFile',
					params: [{ key: 'Path', value: 'C:\\windows\\TEMP\\lsass.dmp.zip' }],
				}),
			),
		);
		emulator.advance(60);
		const action = await client.get(`/machineactions/${id}`);
		const [transcript, dump] = await Promise.all(
			[0, 1].map(async (index) => {
				const link = await client.link(id, index);
				return await reply(String(link.json?.value));
			}),
		);

		expect(action.json).toMatchObject({ status: 'Succeeded' });
		expect(transcript.json).toMatchObject({ exit_code: 0, script_errors: '' });
		expect(dump.headers.get('content-disposition')).toContain('lsass.dmp.zip.gz');
		expect(gunzipSync(dump.bytes).subarray(0, 2).toString()).toBe('PK');
		expect(emulator.tenant.machines.runsOf(machineId, 'minidump.ps1')).toBeGreaterThan(0);
	});

	it('keeps one session a device', async () => {
		await run(body(script('triage.ps1')));
		const second = await run(body(script('triage.ps1')));

		expect(refusal(second)).toEqual([400, 'ActiveRequestAlreadyExists']);
		expect(JSON.stringify(second.json)).toContain('Action is already in progress');
	});

	it('is blocked by a portal session that no list shows', async () => {
		const id = contosoMachineId('pc-hr-02.contoso.example');
		const listed = await client.filter('/machineactions', `machineId eq '${id}'`);

		expect(refusal(await run(body(script('triage.ps1')), id))).toEqual([
			400,
			'ActiveRequestAlreadyExists',
		]);
		expect(listed.json?.value).toEqual([]);
	});

	it.each([
		['pc-old-07.contoso.example', 400, 'OsPlatformNotSupported'],
		['pc-agent-old.contoso.example', 400, 'ClientVersionNotSupported'],
		['pc-lab-07.contoso.example', 403, 'DisallowedOperation'],
		['srv-legacy-02.contoso.example', 403, 'DisabledFeature'],
		['unknown.contoso.example', 404, 'ResourceNotFound'],
	])('refuses %s with %i %s', async (name, status, code) => {
		expect(refusal(await run(body(script('triage.ps1')), contosoMachineId(name)))).toEqual([
			status,
			code,
		]);
	});

	it('takes the machine id, not the name', async () => {
		expect(refusal(await run(body(script('triage.ps1')), 'pc-fin-014.contoso.example'))).toEqual([
			404,
			'ResourceNotFound',
		]);
	});

	it('allows only so many open sessions in the tenant', async () => {
		emulator.configure({ limits: { sessions: 0 } });
		const answer = await run(body(script('triage.ps1')));
		emulator.configure({ limits: { sessions: 50 } });

		expect(refusal(answer)).toEqual([429, 'TooManyRequests']);
	});

	const put = { type: 'PutFile', params: [{ key: 'FileName', value: 'tool.exe' }] };
	const get = { type: 'GetFile', params: [{ key: 'Path', value: 'C:\\a' }] };
	it.each([
		['members in lower case', { commands: [script('a.ps1')], comment: 'x' }, 'InvalidRequestBody'],
		['an unknown member', { ...body(script('a.ps1')), Force: true }, 'InvalidRequestBody'],
		['no comment', { Commands: [script('a.ps1')] }, 'MissingRequiredParameter'],
		['no commands', { Comment: 'x' }, 'MissingRequiredParameter'],
		['an empty list of commands', body(), 'InvalidInput'],
		['commands in the wrong order', body(get, put), 'InvalidInput'],
		['an unknown command', body({ type: 'RunPowerShell', params: [] }), 'InvalidInput'],
		['a type in lower case', body({ type: 'runscript', params: [] }), 'InvalidInput'],
		['command members in capitals', body({ Type: 'RunScript', Params: [] }), 'InvalidRequestBody'],
		['no script name', body({ type: 'RunScript', params: [] }), 'MissingRequiredParameter'],
		['an empty script name', body(script('')), 'InvalidInput'],
		[
			'arguments that are no string',
			body(script('a.ps1', { key: 'Args', value: 1 })),
			'InvalidInput',
		],
		['empty arguments', body(script('a.ps1', { key: 'Args', value: '' })), 'InvalidInput'],
		['an unknown parameter', body(script('a.ps1', { key: 'args', value: 'x' })), 'InvalidInput'],
		['a parameter twice', body(script('a.ps1', { key: 'ScriptName', value: 'x' })), 'InvalidInput'],
	])('refuses %s', async (_case, request, code) => {
		expect(refusal(await run(request))).toEqual([400, code]);
	});

	it.each([...';&|!$'])('refuses %s in arguments', async (character) => {
		const request = body(script('triage.ps1', { key: 'Args', value: `a ${character} b` }));

		expect(refusal(await run(request))).toEqual([400, 'InvalidInput']);
	});

	it('refuses a body that is not JSON or not said to be', async () => {
		const path = `/machines/${machineId}/runliveresponse`;
		const text = JSON.stringify(body(script('triage.ps1')));
		const broken = await client.send('POST', path, {
			body: '{',
			headers: { 'content-type': 'application/json' },
		});

		expect(refusal(broken)).toEqual([400, 'InvalidRequestBody']);
		expect(refusal(await client.send('POST', path, { body: text }))).toEqual([
			400,
			'InvalidRequestBody',
		]);
	});
});

describe('cancel', () => {
	const cancel = async (id: string, request: unknown = { Comment: 'enough' }) =>
		await client.post(`/machineactions/${id}/cancel`, request);

	it('ends a pending action a little later', async () => {
		const id = idOf(await run(body(script('triage.ps1'))));
		const answer = await cancel(id);
		emulator.advance(2);
		const action = await client.get(`/machineactions/${id}`);

		expect(answer.json).toMatchObject({ id, status: 'Pending' });
		expect(action.json).toMatchObject({
			status: 'Cancelled',
			cancellationRequestor: 'n8n Live Response',
			cancellationComment: 'enough',
		});
	});

	it('is refused once the device has started, and when the action is over', async () => {
		const id = idOf(await run(body(script('triage.ps1'))));
		emulator.advance(11);
		expect(refusal(await cancel(id))).toEqual([400, 'BadRequest']);
		emulator.advance(600);
		expect(refusal(await cancel(id))).toEqual([400, 'BadRequest']);
	});

	it('needs a comment and an action', async () => {
		const id = idOf(await run(body(script('triage.ps1'))));

		expect(refusal(await cancel(id, {}))).toEqual([400, 'MissingRequiredParameter']);
		expect(refusal(await cancel(id, { comment: 'x' }))).toEqual([400, 'InvalidRequestBody']);
		expect(refusal(await cancel('00000000-0000-4000-8000-000000000000'))).toEqual([
			404,
			'ResourceNotFound',
		]);
	});
});

describe('the link of a result', () => {
	it('is not there before the action is over', async () => {
		const id = idOf(await run(body(script('triage.ps1'))));
		emulator.advance(17);
		const running = await client.get(`/machineactions/${id}`);

		expect(running.json).toMatchObject({
			status: 'InProgress',
			commands: [{ commandStatus: 'Completed' }],
		});
		expect(refusal(await client.link(id))).toEqual([404, 'ResourceNotFound']);
	});

	it('can come later than the success, as the action can later than its creation', async () => {
		emulator.configure({ lag: { action: 5, link: 30 } });
		const id = idOf(await run(body(script('triage.ps1'))));
		const early = await client.get(`/machineactions/${id}`);
		emulator.advance(25);
		const late = await client.get(`/machineactions/${id}`);
		const earlyLink = await client.link(id);
		emulator.advance(30);
		const lateLink = await client.link(id);
		emulator.configure({ lag: { action: 0, link: 0 } });

		expect(early.status).toBe(404);
		expect(late.json).toMatchObject({ status: 'Succeeded' });
		expect([earlyLink.status, lateLink.status]).toEqual([404, 200]);
	});

	it('wants its parentheses as they are and takes no query', async () => {
		const id = emulator.tenant.actions.add({
			commands: [{ type: 'RunScript', transcript: { output: 'x' } }],
		});
		const name = 'GetLiveResponseResultDownloadLink';

		expect((await client.get(`/machineactions/${id}/${name}%28index=0%29`)).status).toBe(404);
		expect((await client.get(`/machineactions/${id}/${name}(index=0)?index=0`)).status).toBe(400);
		expect((await client.get(`/machineactions/${id}/${name}?index=0`)).status).toBe(404);
		expect((await client.get(`/machineactions/${id}/${name.toLowerCase()}(index=0)`)).status).toBe(
			404,
		);
		expect((await reply(`${emulator.apiUrl}/v1.0/machineactions/${id}`)).status).toBe(401);
		expect((await client.get(`/v1.0/machineactions/${id}/${name}(index=0)`)).status).toBe(200);
	});
});
