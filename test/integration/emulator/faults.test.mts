import { get as httpGet, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import {
	contosoActions,
	contosoMachineId,
	startEmulator,
	type Emulator,
} from '../../../emulator/emulator.mts';
import { until } from '../../support/until.mts';
import { apiClient, refusal, reply, type Client } from './client.mts';

let emulator: Emulator;
let client: Client;
const content = Buffer.alloc(300_000, 'result ');

beforeAll(async () => {
	emulator = await startEmulator({ limits: { callsPerMinute: Infinity } });
});
beforeEach(() => {
	client = apiClient(emulator);
});
afterEach(() => {
	expect(emulator.faults.outstanding).toEqual([]);
});
afterAll(async () => {
	await emulator.stop();
});

describe('faults of the API', () => {
	const machines = async () => await client.get('/machines?$top=1');

	it.each([
		[{ kind: 'serverError' } as const, 500, 'application/json; charset=utf-8'],
		[{ kind: 'badGateway' } as const, 502, 'text/html'],
		[{ kind: 'unavailable' } as const, 503, 'text/html'],
		[{ kind: 'gatewayTimeout' } as const, 504, 'text/html'],
		[{ kind: 'notJson' } as const, 200, 'text/html'],
		[{ kind: 'emptyBody' } as const, 200, null],
		[{ kind: 'unauthorized' } as const, 401, 'application/json; charset=utf-8'],
		[{ kind: 'forbidden' } as const, 403, 'application/json; charset=utf-8'],
	])('%j answers %i once', async (fault, status, contentType) => {
		emulator.faults.order(fault);
		const answer = await machines();

		expect([answer.status, answer.headers.get('content-type')]).toEqual([status, contentType]);
		expect((await machines()).status).toBe(200);
	});

	it.each([
		['seconds', 2.5, /^3$/],
		['fraction', 0.53, /^0\.53$/],
		['date', 2, /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/],
	] as const)('429 says when to come back as %s', async (retryAfter, seconds, form) => {
		emulator.faults.order({ kind: 'tooManyRequests', retryAfter, seconds });
		const answer = await machines();

		expect(refusal(answer)).toEqual([429, 'TooManyRequests']);
		expect(answer.headers.get('retry-after')).toMatch(form);
	});

	it('429 can leave it open', async () => {
		emulator.faults.order({ kind: 'tooManyRequests', retryAfter: 'absent' });

		expect((await machines()).headers.get('retry-after')).toBeNull();
	});

	it('a reset before the answer does nothing, a lost answer has done the work', async () => {
		const id = contosoMachineId('srv-dc-01.contoso.example');
		const run = async () =>
			await client.post(`/machines/${id}/runliveresponse`, {
				Comment: 'Test',
				Commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: 'triage.ps1' }] }],
			});
		emulator.faults.order({ kind: 'resetBefore' }, { kind: 'lostAnswer' });
		const count = () => emulator.tenant.actions.all.length;
		const before = count();

		await expect(run()).rejects.toThrow();
		expect(count()).toBe(before);
		await expect(run()).rejects.toThrow();
		expect(count()).toBe(before + 1);
	});

	it('an answer can be late, or a gateway lose patience, when the work has been done', async () => {
		const run = async () =>
			await client.post(`/machines/${emulator.tenant.machines.add()}/runliveresponse`, {
				Comment: 'Test',
				Commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: 'triage.ps1' }] }],
			});
		emulator.faults.order({ kind: 'lateAnswer', seconds: 0.05 }, { kind: 'gatewayTimeout' });
		const count = () => emulator.tenant.actions.all.length;
		const before = count();

		const late = run();
		await until(() => count() > before, 'the run that is started', 10);
		expect((await late).status).toBe(201);
		expect((await run()).status).toBe(504);
		expect(count()).toBe(before + 2);
	});

	it('all tokens can be revoked under a running client', async () => {
		emulator.faults.order({ kind: 'revokeTokens' });

		expect([(await machines()).status, (await machines()).status]).toEqual([401, 401]);
		client = apiClient(emulator);
		expect((await machines()).status).toBe(200);
	});

	it('a role can be removed under a running client', async () => {
		emulator.faults.order({ kind: 'removeRole', role: 'Machine.ReadWrite.All' });
		const during = [(await machines()).status, (await machines()).status];
		emulator.application.grantRole('Machine.ReadWrite.All');

		expect(during).toEqual([403, 403]);
	});

	it('a slow answer is the right one', async () => {
		emulator.faults.order({ kind: 'slow', seconds: 0.2 });
		const start = performance.now();

		expect((await machines()).status).toBe(200);
		expect(performance.now() - start).toBeGreaterThan(190);
	});

	it('sign-in can be refused with any code of Entra', async () => {
		emulator.faults.order({ kind: 'signInError', error: 'invalid_grant', code: 53003 });
		const url = `${emulator.loginUrl}/${emulator.credential.tenantId}/oauth2/v2.0/token`;
		const answer = await reply(url, { method: 'POST', body: new URLSearchParams() });

		expect(answer.status).toBe(400);
		expect(answer.json).toMatchObject({ error: 'invalid_grant', error_codes: [53003] });
	});
});

describe('downloads', () => {
	let link: string;

	beforeEach(async () => {
		const id = emulator.tenant.actions.add({ commands: [{ type: 'RunScript', result: content }] });
		link = String((await client.link(id)).json?.value);
	});

	/** Reads a body with node:http, which shows how it ended. */
	async function download(url: string): Promise<{
		status: number | undefined;
		headers: IncomingMessage['headers'];
		received: number;
		complete: boolean;
	}> {
		return await new Promise((resolve, reject) => {
			const request = httpGet(url, { agent: false }, (response) => {
				let received = 0;
				request.off('error', reject).on('error', () => undefined);
				response.on('data', (chunk: Buffer) => (received += chunk.length));
				response.on('error', () => undefined);
				response.on('close', () => {
					const { statusCode: status, headers, complete } = response;
					resolve({ status, headers, received, complete });
				});
			});
			request.on('error', reject);
		});
	}

	it('give the bytes with the name of the file, in parts too', async () => {
		const whole = await reply(link);
		const part = await reply(link, { headers: { range: 'bytes=7-13' } });

		expect(whole.bytes.equals(content)).toBe(true);
		expect(whole.headers.get('content-disposition')).toMatch(
			/^attachment; filename=output_.*_0\.json$/,
		);
		expect([part.status, part.text]).toEqual([206, 'result ']);
	});

	it('are on another origin than the API, under the path Defender uses', () => {
		const url = new URL(link);

		expect(url.origin).toBe(emulator.downloadUrl);
		expect(url.pathname).toMatch(
			/^\/devstoreaccount1\/investigation-actions-data\/[0-9a-f-]{36}\/CustomPlaybookCommandOutput\/[0-9a-f]{32}$/,
		);
		expect(url.searchParams.get('sp')).toBe('r');
		expect(url.searchParams.get('sr')).toBe('b');
		const lifetime = Date.parse(url.searchParams.get('se') ?? '') - Date.now();
		expect(lifetime).toBeGreaterThan(1_795_000);
		expect(lifetime).toBeLessThanOrEqual(1_800_000);
	});

	it('refuse an Authorization header', async () => {
		const answer = await reply(link, { headers: { authorization: 'Bearer token' } });

		expect(answer.status).toBe(400);
		expect(answer.headers.get('x-ms-error-code')).toBe('InvalidAuthenticationInfo');
	});

	it.each([
		['an altered signature', (url: string) => url.replace(/sig=./, 'sig=*')],
		['an altered lifetime', (url: string) => url.replace(/se=2/, 'se=3')],
		['another file name', (url: string) => url.replace('output_', 'other_')],
		[
			'a signature encoded twice',
			(url: string) => url.replaceAll('%2B', '%252B').replaceAll('%3D', '%253D'),
		],
	])('refuse %s', async (_case, alter) => {
		const answer = await reply(alter(link));

		expect(answer.status).toBe(403);
		expect(answer.text).toContain('<Code>AuthenticationFailed</Code>');
	});

	it('refuse a link whose time is over', async () => {
		emulator.configure({ linkLifetimeSeconds: 1 });
		const { json } = await client.link(contosoActions.realTranscript);
		emulator.configure({ linkLifetimeSeconds: 1800 });
		await delay(1100);
		const answer = await reply(String(json?.value));

		expect(answer.status).toBe(403);
		expect(answer.headers.get('content-type')).toBe('application/xml');
		expect(answer.text).toContain('Signature not valid in the specified time frame');
	});

	it('refuse a link without its query, and other methods', async () => {
		expect((await reply(link.split('?')[0])).status).toBeGreaterThanOrEqual(400);
		expect((await reply(link, { method: 'DELETE' })).status).toBe(403);
		expect((await reply(link)).status).toBe(200);
	});

	it.each([
		[{ kind: 'expiredLink' } as const, 403, 'AuthenticationFailed'],
		[{ kind: 'blobNotFound' } as const, 404, 'BlobNotFound'],
		[{ kind: 'serverBusy' } as const, 503, 'ServerBusy'],
	])('can fail as %j', async (fault, status, code) => {
		emulator.faults.order(fault);
		const { status: answered, headers, bytes } = await reply(link);

		expect([answered, headers.get('x-ms-error-code')]).toEqual([status, code]);
		expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
		expect(bytes.toString()).toContain(`<Code>${code}</Code>`);
	});

	it.each(['resetMidBody', 'truncated'] as const)('can be cut: %s', async (kind) => {
		emulator.faults.order({ kind, bytes: 1000 });
		const { status, headers, received, complete } = await download(link);

		expect(status).toBe(200);
		expect(headers['content-length']).toBe(String(content.length));
		expect([received, complete]).toEqual([1000, false]);
		expect((await download(link)).complete).toBe(true);
	});

	it('can be slow', async () => {
		emulator.faults.order({ kind: 'slowBody', bytesPerSecond: 600_000 });
		const start = performance.now();
		const { received } = await download(link);

		expect(received).toBe(content.length);
		expect(performance.now() - start).toBeGreaterThan(300);
	});

	it('can redirect and can be compressed for the transfer', async () => {
		emulator.faults.order(
			{ kind: 'redirect', location: 'http://elsewhere.example/' },
			{ kind: 'gzipEncoding' },
		);
		const redirect = await reply(link);
		const compressed = await reply(link);

		expect([redirect.status, redirect.headers.get('location')]).toEqual([
			302,
			'http://elsewhere.example/',
		]);
		expect(compressed.headers.get('content-encoding')).toBe('gzip');
		expect(gunzipSync(compressed.bytes).equals(content)).toBe(true);
	});

	it('survive a client that goes away', async () => {
		emulator.faults.order({ kind: 'slowBody', bytesPerSecond: 1000 });
		await expect(reply(link, { signal: AbortSignal.timeout(100) })).rejects.toThrow();

		expect((await reply(link)).status).toBe(200);
	});
});
