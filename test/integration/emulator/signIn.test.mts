import { createPrivateKey, randomUUID, X509Certificate, createHash } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { otherResource, startEmulator, type Emulator } from '../../../emulator/emulator.mts';
import { allRoles } from '../../../emulator/entra/application.mts';
import { createCertificate } from '../../../emulator/entra/certificate.mts';
import { apiClient, refusal, reply } from './client.mts';

let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator();
});
afterAll(async () => {
	await emulator.stop();
});

const tokenUrl = (tenant = emulator.credential.tenantId) =>
	`${emulator.loginUrl}/${tenant}/oauth2/v2.0/token`;

async function signIn(change: Record<string, string | undefined> = {}, tenant?: string) {
	const { clientId, clientSecret, resource } = emulator.credential;
	const form: Record<string, string | undefined> = {
		grant_type: 'client_credentials',
		client_id: clientId,
		client_secret: clientSecret,
		scope: `${resource}/.default`,
		...change,
	};
	const body = new URLSearchParams();
	for (const [name, value] of Object.entries(form)) {
		if (value !== undefined) body.set(name, value);
	}
	const answer = await reply(tokenUrl(tenant), { method: 'POST', body });
	return {
		...answer,
		code: (answer.json?.error_codes as number[] | undefined)?.[0],
		error: answer.json?.error as string | undefined,
		token: answer.json?.access_token as string | undefined,
	};
}

describe('sign-in with a client secret', () => {
	it('gives a token with audience, roles and an hour to live', async () => {
		const { status, json, token } = await signIn();
		const claims = jwt.decode(token ?? '') as jwt.JwtPayload;

		expect(status).toBe(200);
		expect(json).toEqual({
			token_type: 'Bearer',
			expires_in: 3599,
			ext_expires_in: 3599,
			access_token: token,
		});
		expect(claims).toMatchObject({
			aud: 'https://api.securitycenter.microsoft.com',
			appid: emulator.credential.clientId,
			tid: emulator.credential.tenantId,
			roles: [...allRoles].sort(),
		});
		expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3599);
	});

	it('takes a verified domain for the tenant', async () => {
		expect((await signIn({}, 'contoso.onmicrosoft.com')).status).toBe(200);
	});

	it.each([
		['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
		['no secret', { client_secret: undefined }, 401, 'invalid_client', 7000218],
		['an unknown app', { client_id: randomUUID() }, 400, 'unauthorized_client', 700016],
		[
			'an unknown resource',
			{ scope: 'https://nowhere.example/.default' },
			400,
			'invalid_resource',
			500011,
		],
		['a scope that is not .default', { scope: 'Machine.Read' }, 400, 'invalid_scope', 1002012],
		[
			'two scopes',
			{ scope: 'https://a/.default https://b/.default' },
			400,
			'invalid_scope',
			1002012,
		],
		['no scope', { scope: undefined }, 400, 'invalid_request', 900144],
		['no grant', { grant_type: undefined }, 400, 'invalid_request', 900144],
		['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
	])('refuses %s as Entra does', async (_case, change, status, error, code) => {
		const answer = await signIn(change);

		expect([answer.status, answer.error, answer.code]).toEqual([status, error, code]);
		expect(String(answer.json?.error_description)).toMatch(
			new RegExp(`^AADSTS${code}: .*Trace ID`),
		);
	});

	it('tells an unknown tenant from a malformed one', async () => {
		expect((await signIn({}, randomUUID())).code).toBe(90002);
		expect((await signIn({}, 'not%20a%20tenant')).code).toBe(900023);
		expect((await signIn({}, '%')).code).toBe(900023);
	});

	it('refuses an expired secret', async () => {
		emulator.application.addSecret('old-secret', Date.now() - 1000);

		expect((await signIn({ client_secret: 'old-secret' })).code).toBe(7000222);
	});

	it('gives a token without roles when no permission has consent', async () => {
		const { roles } = emulator.application;
		emulator.application.setRoles([]);
		const { token = '' } = await signIn();
		emulator.application.setRoles(roles);

		expect((jwt.decode(token) as jwt.JwtPayload).roles).toBeUndefined();
		expect(refusal(await apiClient(emulator, token).get('/machineactions'))).toEqual([
			403,
			'Forbidden',
		]);
	});
});

describe('sign-in with a certificate', () => {
	function assertion(
		change: {
			claims?: Record<string, unknown>;
			header?: Record<string, unknown>;
			privateKey?: string;
			algorithm?: 'RS256' | 'PS256' | 'RS512';
		} = {},
	): string {
		const { privateKey, certificate, clientId } = emulator.certificateCredential;
		const now = Math.floor(Date.now() / 1000);
		const thumbprint = createHash('sha256')
			.update(new X509Certificate(certificate).raw)
			.digest('base64url');
		const algorithm = change.algorithm ?? 'PS256';
		return jwt.sign(
			{
				aud: tokenUrl(),
				iss: clientId,
				sub: clientId,
				jti: randomUUID(),
				nbf: now,
				exp: now + 600,
				...change.claims,
			},
			createPrivateKey(change.privateKey ?? privateKey),
			{
				algorithm,
				header: { alg: algorithm, 'x5t#S256': thumbprint, ...change.header } as jwt.JwtHeader,
			},
		);
	}
	const signInWith = async (client_assertion: string) =>
		await signIn({
			client_secret: undefined,
			client_assertion,
			client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
		});

	it.each(['RS256', 'PS256'] as const)('takes an assertion signed with %s', async (algorithm) => {
		expect((await signInWith(assertion({ algorithm }))).status).toBe(200);
	});

	it('knows the certificate by its SHA-1 thumbprint too', async () => {
		const der = new X509Certificate(emulator.certificateCredential.certificate).raw;
		const x5t = createHash('sha1').update(der).digest('base64url');

		expect((await signInWith(assertion({ header: { 'x5t#S256': undefined, x5t } }))).status).toBe(
			200,
		);
	});

	it('refuses an assertion of another key under the registered thumbprint', async () => {
		const { privateKey } = await createCertificate('another');
		const answer = await signInWith(assertion({ privateKey }));

		expect([answer.status, answer.error, answer.code]).toEqual([401, 'invalid_client', 700027]);
	});

	it.each([
		['an unknown thumbprint', { header: { 'x5t#S256': 'unknown' } }, 700027],
		['no thumbprint', { header: { 'x5t#S256': undefined } }, 700027],
		['another algorithm', { algorithm: 'RS512' as const }, 50027],
		['another audience', { claims: { aud: 'https://example.com/token' } }, 700023],
		['another issuer', { claims: { iss: randomUUID() } }, 700021],
		['another subject', { claims: { sub: randomUUID() } }, 700021],
		['one that has expired', { claims: { exp: 1_600_000_000, nbf: 1_500_000_000 } }, 700024],
		['one that is not valid yet', { claims: { nbf: 4_000_000_000 } }, 700024],
		['one without an id', { claims: { jti: '' } }, 50027],
	])('refuses %s', async (_case, change, code) => {
		expect((await signInWith(assertion(change))).code).toBe(code);
	});

	it('refuses an assertion the second time, and what is no JWT', async () => {
		const used = assertion();
		await signInWith(used);

		expect((await signInWith(used)).code).toBe(700027);
		expect((await signInWith('not.a.jwt')).code).toBe(50027);
	});
});

describe('sign-in of an analyst', () => {
	const redirectUri = 'http://localhost:5678/rest/oauth2-credential/callback';
	const verifier = 'a-verifier-of-some-length-that-nobody-can-guess-0123';
	const scopeOf = (...names: string[]) =>
		[...names.map((name) => `${emulator.credential.resource}/${name}`), 'offline_access'].join(' ');

	async function authorize(change: Record<string, string> = {}) {
		const query = new URLSearchParams({
			client_id: emulator.credential.clientId,
			response_type: 'code',
			redirect_uri: redirectUri,
			scope: scopeOf('Machine.LiveResponse', 'Machine.ReadWrite'),
			state: 'a state',
			code_challenge: createHash('sha256').update(verifier).digest('base64url'),
			code_challenge_method: 'S256',
			...change,
		});
		const url = `${emulator.loginUrl}/${emulator.credential.tenantId}/oauth2/v2.0/authorize?${query}`;
		const answer = await reply(url);
		const location = answer.headers.get('location');
		return {
			code: location === null ? '' : (new URL(location).searchParams.get('code') ?? ''),
			location,
			error: (answer.json?.error_codes as number[] | undefined)?.[0],
		};
	}
	const redeem = async (code: string, change: Record<string, string> = {}) =>
		await signIn({
			grant_type: 'authorization_code',
			scope: undefined,
			code,
			redirect_uri: redirectUri,
			code_verifier: verifier,
			...change,
		});

	it('gives a token with delegated permissions and one to refresh it', async () => {
		const { code, location } = await authorize();
		const { status, json, token = '' } = await redeem(code);
		const again = await signIn({
			grant_type: 'refresh_token',
			refresh_token: String(json?.refresh_token),
			scope: undefined,
		});
		const claims = jwt.decode(token) as jwt.JwtPayload;

		expect(location).toMatch(
			/^http:\/\/localhost:5678\/rest\/oauth2-credential\/callback\?code=.*&state=a\+state$/,
		);
		expect([status, again.status]).toEqual([200, 200]);
		expect(claims.scp).toContain('Machine.LiveResponse');
		expect(claims.roles).toBeUndefined();
		expect((await apiClient(emulator, again.token).get('/machines')).status).toBe(200);
	});

	it('lets the client sign in by Basic authentication', async () => {
		const { code } = await authorize();
		const { clientId, clientSecret } = emulator.credential;
		const answer = await reply(tokenUrl(), {
			method: 'POST',
			headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
			body: new URLSearchParams({
				grant_type: 'authorization_code',
				code,
				redirect_uri: redirectUri,
				code_verifier: verifier,
			}),
		});

		expect(answer.status).toBe(200);
	});

	it('gives no refresh token that was not asked for', async () => {
		const { code } = await authorize({ scope: `${emulator.credential.resource}/.default` });

		expect((await redeem(code)).json).not.toHaveProperty('refresh_token');
	});

	it('takes a code once, from the same client, address and verifier', async () => {
		const { code } = await authorize();
		await redeem(code);
		expect((await redeem(code)).code).toBe(9002313);

		const { code: second } = await authorize();
		expect((await redeem(second, { redirect_uri: 'http://localhost:1/' })).code).toBe(50011);
		const { code: third } = await authorize();
		expect((await redeem(third, { code_verifier: 'another' })).code).toBe(501481);
		const { code: fourth } = await authorize();
		expect((await redeem(fourth, { client_secret: 'wrong' })).code).toBe(7000215);
	});

	it('refuses scopes without consent, unknown resources and foreign redirects', async () => {
		expect((await authorize({ scope: scopeOf('Alert.Read') })).error).toBe(65001);
		expect((await authorize({ scope: 'https://nowhere.example/.default' })).error).toBe(500011);
		expect((await authorize({ scope: 'openid' })).error).toBe(70011);
		expect((await authorize({ redirect_uri: 'http://elsewhere.example/' })).error).toBe(50011);
	});

	it('is over when the tokens are revoked', async () => {
		const { json } = await redeem((await authorize()).code);
		emulator.application.revokeTokens();
		const refreshed = await signIn({
			grant_type: 'refresh_token',
			refresh_token: String(json?.refresh_token),
			scope: undefined,
		});

		expect(refreshed.code).toBe(50173);
	});
});

describe('the API', () => {
	it('refuses calls without a token, with a forged and with an expired one', async () => {
		const forged = jwt.sign(
			{ aud: emulator.credential.resource, appid: emulator.credential.clientId },
			'key',
		);
		const expired = emulator.accessToken({ lifetimeSeconds: -1 });

		expect(refusal(await reply(`${emulator.apiUrl}/machines`))).toEqual([401, 'Unauthorized']);
		expect(refusal(await apiClient(emulator, forged).get('/machines'))).toEqual([
			401,
			'Unauthorized',
		]);
		expect(refusal(await apiClient(emulator, expired).get('/machines'))).toEqual([
			401,
			'Unauthorized',
		]);
	});

	it('answers 403 to a token for another resource', async () => {
		const { token } = await signIn({ scope: `${otherResource}/.default` });

		expect(refusal(await apiClient(emulator, token).get('/machines'))).toEqual([403, 'Forbidden']);
	});

	it('stops taking tokens that were revoked', async () => {
		const client = apiClient(emulator);
		emulator.application.revokeTokens();

		expect(refusal(await client.get('/machines'))).toEqual([401, 'Unauthorized']);
		expect((await apiClient(emulator).get('/machines')).status).toBe(200);
	});
});
