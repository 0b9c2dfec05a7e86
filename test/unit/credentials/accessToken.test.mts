import { X509Certificate } from 'node:crypto';

import { type IHttpRequestOptions, UserError } from 'n8n-workflow';

import { acquireToken } from '../../../credentials/signIn/accessToken';
import type { HttpRequest } from '../../../credentials/signIn/tokenNetwork';
import { createCertificate, type TestCertificate } from './certificates.mts';
import { verifiedAssertion } from './verifiedAssertion.mts';

const SECRET = 'Sup3r~Secret.Value+&=';
const app = {
	cloud: 'global',
	region: 'auto',
	tenantId: '9c8f1d0e-1111-4222-8333-444455556666',
	clientId: '0a1b2c3d-aaaa-4bbb-8ccc-ddddeeeeffff',
	authentication: 'clientSecret',
	clientSecret: SECRET,
};
const custom = {
	...app,
	cloud: 'custom',
	apiUrl: 'http://127.0.0.1:4010',
	resource: 'https://api.securitycenter.microsoft.com',
	downloadHosts: '127.0.0.1:10000',
};

const tokenWith = (claims: object) =>
	`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const TOKEN = tokenWith({ roles: ['Machine.ReadWrite.All'] });

type ServiceAnswer = { statusCode: number; body: unknown } | Error;

/** A sign-in service that gives the answers in turn, the last one to all others, and keeps what it was asked. */
function signInService(...answers: [ServiceAnswer, ...ServiceAnswer[]]) {
	const requests: IHttpRequestOptions[] = [];
	const httpRequest = (async (options: IHttpRequestOptions) => {
		const answer = answers[Math.min(requests.length, answers.length - 1)];
		requests.push(options);
		if (answer instanceof Error) throw answer;
		return { headers: {}, ...answer };
	}) as HttpRequest;
	return { requests, httpRequest };
}

const granted = (token: string) => ({
	statusCode: 200,
	body: JSON.stringify({ token_type: 'Bearer', expires_in: 3599, access_token: token }),
});

const granting = (token = TOKEN) => signInService(granted(token));

const form = (request: IHttpRequestOptions) =>
	Object.fromEntries(new URLSearchParams(String(request.body)));

const thrown = async (promise: Promise<unknown>): Promise<Error> => {
	try {
		await promise;
	} catch (error) {
		return error as Error;
	}
	throw new Error('expected a refusal');
};

describe('signing in', () => {
	it('is one POST with the secret, for the token resource of Defender', async () => {
		const service = granting();
		await expect(acquireToken(app, service.httpRequest)).resolves.toEqual({
			token: TOKEN,
			livesForMs: expect.closeTo(3_599_000, -4),
		});

		expect(service.requests).toEqual([
			{
				method: 'POST',
				url: expect.any(String),
				headers: {
					'Content-Type': 'application/x-www-form-urlencoded;charset=utf-8',
					Accept: 'application/json',
				},
				body: expect.any(String),
				encoding: 'text',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout: 30_000,
			},
		]);
		const [request] = service.requests;
		const { origin, pathname, searchParams } = new URL(request.url);
		expect(`${origin}${pathname}`).toBe(
			`https://login.microsoftonline.com/${app.tenantId}/oauth2/v2.0/token`,
		);
		expect([...searchParams.keys()]).toEqual(['client-request-id']);
		expect(form(request)).toEqual({
			client_id: app.clientId,
			client_secret: SECRET,
			grant_type: 'client_credentials',
			scope: 'https://api.securitycenter.microsoft.com/.default',
			'client-request-id': expect.any(String),
			'x-client-SKU': 'msal.js.node',
			'x-client-VER': expect.any(String),
			'x-client-OS': expect.any(String),
			'x-client-CPU': expect.any(String),
			'x-client-current-telemetry': expect.any(String),
			'x-client-last-telemetry': expect.any(String),
			'x-ms-lib-capability': expect.any(String),
		});
	});

	it.each([
		[
			'global',
			app,
			'https://login.microsoftonline.com',
			'https://api.securitycenter.microsoft.com',
		],
		[
			'GCC',
			{ ...app, cloud: 'gcc' },
			'https://login.microsoftonline.com',
			'https://api-gcc.securitycenter.microsoft.us',
		],
		[
			'GCC High',
			{ ...app, cloud: 'gccHigh' },
			'https://login.microsoftonline.us',
			'https://api-gov.securitycenter.microsoft.us',
		],
		[
			'DoD',
			{ ...app, cloud: 'dod' },
			'https://login.microsoftonline.us',
			'https://api-gov.securitycenter.microsoft.us',
		],
		[
			'custom on loopback',
			{ ...custom, loginUrl: 'http://127.0.0.1:4010' },
			'http://127.0.0.1:4010',
			custom.resource,
		],
		[
			'custom by https',
			{ ...custom, loginUrl: 'https://login.example.org' },
			'https://login.example.org',
			custom.resource,
		],
	])(
		'is one POST in the cloud %s too, by tenant id or domain',
		async (_cloud, fields, login, resource) => {
			for (const tenantId of [app.tenantId, 'contoso.onmicrosoft.com']) {
				const service = granting();
				await acquireToken({ ...fields, tenantId }, service.httpRequest);
				expect(service.requests).toHaveLength(1);
				expect(service.requests[0].url).toMatch(`${login}/${tenantId}/oauth2/v2.0/token?`);
				expect(form(service.requests[0]).scope).toBe(`${resource}/.default`);
			}
		},
	);

	it('takes no call to see that a field is wrong', async () => {
		const service = granting();
		await expect(acquireToken({ ...app, tenantId: 'common' }, service.httpRequest)).rejects.toThrow(
			"'Directory (Tenant) ID'",
		);
		expect(service.requests).toEqual([]);
	});
});

describe('signing in with a certificate', () => {
	let pair: TestCertificate;
	beforeAll(async () => {
		pair = await createCertificate();
	});

	it.each(['https://login.microsoftonline.com', 'http://127.0.0.1:4010'])(
		'sends %s an assertion that its certificate verifies',
		async (loginUrl) => {
			const service = granting();
			await acquireToken(
				{
					...custom,
					loginUrl,
					authentication: 'certificate',
					privateKey: pair.privateKey.replaceAll('\n', ' '),
					certificate: pair.certificate.replaceAll('\n', '\\n'),
				},
				service.httpRequest,
			);
			const body = form(service.requests[0]);
			expect(body).not.toHaveProperty('client_secret');
			expect(body.client_assertion_type).toBe(
				'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
			);

			const { header, claims } = verifiedAssertion({
				jwt: body.client_assertion,
				certificate: pair.certificate,
				audience: `${loginUrl}/${app.tenantId}/oauth2/v2.0/token`,
				subject: app.clientId,
			});
			const certificate = new X509Certificate(pair.certificate);
			expect(header).toEqual({
				alg: 'PS256',
				typ: 'JWT',
				'x5t#S256': Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString(
					'base64url',
				),
				x5c: [certificate.raw.toString('base64')],
			});
			expect(claims).toEqual({
				aud: expect.any(String),
				exp: expect.any(Number),
				iss: app.clientId,
				sub: app.clientId,
				nbf: expect.any(Number),
				iat: expect.any(Number),
				jti: expect.any(String),
			});
			expect(Number(claims.exp) - Number(claims.nbf)).toBe(600);
		},
	);
});

describe('a token', () => {
	it.each([
		['no roles', {}],
		['an empty list of roles', { roles: [] }],
	])('with %s tells which permission to add', async (_case, claims) => {
		await expect(acquireToken(app, granting(tokenWith(claims)).httpRequest)).rejects.toThrow(
			'add Machine.ReadWrite.All, Machine.LiveResponse and Library.Manage',
		);
	});

	it('without roles is asked for once more: a consent may not have arrived everywhere', async () => {
		const late = signInService(granted(tokenWith({})), granted(TOKEN));
		await expect(acquireToken(app, late.httpRequest)).resolves.toMatchObject({ token: TOKEN });
		const never = granting(tokenWith({}));
		await expect(acquireToken(app, never.httpRequest)).rejects.toThrow('choose Retry');
		expect([late, never].map(({ requests }) => requests.length)).toEqual([2, 2]);
	});

	it.each([
		['with some roles only', tokenWith({ roles: ['Machine.Read.All'] })],
		['that cannot be read', 'opaque-token'],
		['that is no JSON inside', 'a.b.c'],
	])('%s is used as it is', async (_case, token) => {
		await expect(acquireToken(app, granting(token).httpRequest)).resolves.toMatchObject({ token });
	});
});

describe('a refusal', () => {
	const entra = (code: number, statusCode = 401) => ({
		statusCode,
		body: JSON.stringify({
			error: 'invalid_client',
			error_description: `AADSTS${code}: Secret ${SECRET} of ${app.clientId}. Trace ID: 1`,
			error_codes: [code],
			trace_id: 'echo-of-the-server',
			error_uri: `https://login.microsoftonline.com/error?code=${code}`,
		}),
	});

	it.each([
		['a wrong secret', entra(7000215), '(AADSTS7000215)'],
		['a service that is busy', entra(90033, 503), '(AADSTS90033)'],
		['an unknown tenant', entra(90002, 400), '(AADSTS90002)'],
		[
			'a code in the text only',
			{ statusCode: 400, body: { error: 'invalid_client', error_description: 'AADSTS7000222: x' } },
			'(AADSTS7000222)',
		],
		[
			'HTML',
			{ statusCode: 200, body: '<html>echo-of-the-server</html>' },
			'did not come from Microsoft Entra',
		],
		[
			'JSON that is no token',
			{ statusCode: 200, body: '{"hello":"echo-of-the-server"}' },
			'did not come from Microsoft Entra',
		],
		[
			'an empty token',
			{ statusCode: 200, body: '{"access_token":""}' },
			'did not come from Microsoft Entra',
		],
		['JSON null', { statusCode: 200, body: 'null' }, 'did not come from Microsoft Entra'],
		['a redirect', { statusCode: 302, body: '' }, 'did not come from Microsoft Entra'],
		['a bad gateway', { statusCode: 502, body: '<html/>' }, 'Wait a few minutes'],
		[
			'no connection',
			Object.assign(new Error(`connect ECONNREFUSED ${SECRET}`), { code: 'ECONNREFUSED' }),
			'did not answer',
		],
		[
			'no such host',
			Object.assign(new Error('x'), {
				cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }),
			}),
			'could not be found',
		],
	])('by %s is one call, says what to do and repeats nothing', async (_case, answer, text) => {
		const service = signInService(answer);
		const error = await thrown(acquireToken(app, service.httpRequest));
		expect(service.requests).toHaveLength(1);
		expect(error.message).toContain(text);
		expect(error.cause).toBeUndefined();
		const everything = `${error.stack}${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
		expect(everything).not.toContain(SECRET);
		expect(everything).not.toContain('echo-of-the-server');
	});

	it.each<[string, ServiceAnswer, boolean]>([
		['a wrong secret', entra(7000215), false],
		['a busy service', entra(90033, 503), true],
		['a busy service without a status that says so', entra(90033, 400), true],
		['a bad gateway', { statusCode: 502, body: '<html/>' }, true],
		['too many sign-ins', { statusCode: 429, body: '' }, true],
		['a page of something else', { statusCode: 200, body: '<html/>' }, false],
		['a connection that broke', Object.assign(new Error('x'), { code: 'ECONNRESET' }), true],
		['a certificate', Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }), false],
		['rules of n8n', new UserError('Domain not allowed'), false],
	])('by %s says whether it may pass', async (_case, answer, mayPass) => {
		const error = await thrown(acquireToken(app, signInService(answer).httpRequest));
		expect(error).toMatchObject({ extra: { mayPass } });
	});

	it('by the rules of n8n itself is told as such', async () => {
		const service = signInService(new UserError('Domain not allowed: login.microsoftonline.com'));
		await expect(acquireToken(app, service.httpRequest)).rejects.toThrow('SSRF protection of n8n');
	});
});
