import { DefenderLiveResponseApi } from '../../../credentials/DefenderLiveResponseApi.credentials';
import { type Emulator, otherResource } from '../../../emulator/emulator.mts';
import { requestAs, SavedCredential, testConnection } from './n8nEngine.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

let emulator: Emulator;
beforeAll(async () => {
	// Tokens without roles are ordered where a test is about them.
	emulator = await startTestEmulator({ signIn: { tokensWithoutRoles: 0 } });
});
afterAll(async () => {
	await emulator.stop();
});
beforeEach(() => {
	emulator.requests.clear();
	emulator.faults.clear();
	emulator.application.setRoles(['Machine.LiveResponse', 'Machine.ReadWrite.All']);
});

let secrets = 0;

/** With a secret of its own: the process keeps no token for it yet. */
function saved(fields: object = {}): SavedCredential {
	const clientSecret = `Fresh~Secret.${(secrets += 1)}`;
	emulator.application.addSecret(clientSecret);
	const values = { ...emulator.credential, clientSecret, ...fields };
	return new SavedCredential(new DefenderLiveResponseApi(), values);
}

const machineActions = () => ({
	method: 'GET' as const,
	url: `${emulator.apiUrl}/machineactions?$top=1`,
});

const signIns = () => emulator.requests.matching(/^POST \/[^/]+\/oauth2\/v2\.0\/token/, 'login');

describe('a node with the credential', () => {
	it.each(['clientSecret', 'certificate'])('signs in once for many calls, by %s', async (by) => {
		const credential = saved(by === 'certificate' ? emulator.certificateCredential : {});
		for (let call = 0; call < 3; call += 1) {
			await expect(requestAs(credential, machineActions())).resolves.toHaveProperty('value');
		}
		expect(signIns()).toHaveLength(1);
		expect(emulator.requests.all.filter(({ to }) => to === 'login')).toHaveLength(1);
		expect(credential.saves).toBe(0);
	});

	it('signs in again, once, when its token is no longer taken', async () => {
		const credential = saved();
		await requestAs(credential, machineActions());
		emulator.application.revokeTokens();
		await expect(requestAs(credential, machineActions())).resolves.toHaveProperty('value');
		expect(signIns()).toHaveLength(2);
		await requestAs(credential, machineActions());
		expect(signIns()).toHaveLength(2);
	});

	it('signs in once for many items that start together, also when their token ends', async () => {
		const credential = saved();
		const all = async () =>
			await Promise.all(
				Array.from({ length: 20 }, async () => await requestAs(credential, machineActions())),
			);
		await all();
		expect(signIns()).toHaveLength(1);
		emulator.application.revokeTokens();
		await all();
		expect(signIns()).toHaveLength(2);
	});

	it('asks once more for a token that came without permissions', async () => {
		emulator.faults.order({ kind: 'tokenWithoutRoles' });
		const credential = saved();
		await expect(requestAs(credential, machineActions())).resolves.toHaveProperty('value');
		expect(signIns()).toHaveLength(2);
		expect(credential.saves).toBe(0);
	});

	it('keeps no token without permissions: the next call gets one that has them', async () => {
		emulator.faults.order({ kind: 'tokenWithoutRoles', count: 2 });
		const credential = saved();
		await expect(requestAs(credential, machineActions())).rejects.toThrow('choose Retry');
		expect(credential.saves).toBe(0);
		await expect(requestAs(credential, machineActions())).resolves.toHaveProperty('value');
	});

	it('has a newer permission only after the connection test, which gets a new token', async () => {
		const credential = saved();
		emulator.application.setRoles(['Machine.LiveResponse']);
		await expect(requestAs(credential, machineActions())).rejects.toThrow();
		emulator.application.setRoles(['Machine.LiveResponse', 'Machine.ReadWrite.All']);
		await expect(requestAs(credential, machineActions())).rejects.toThrow();
		await expect(testConnection(credential)).resolves.toBe('Connection successful!');
		await expect(requestAs(credential, machineActions())).resolves.toHaveProperty('value');
	});

	it('uses a change of the secret at once, also when the old token would still do', async () => {
		const credential = saved();
		await requestAs(credential, machineActions());
		credential.data = { ...credential.data, clientSecret: 'wrong~Secret.12345' };
		await expect(requestAs(credential, machineActions())).rejects.toThrow('(AADSTS7000215)');
	});

	it('signs in by a domain of the tenant as well', async () => {
		await expect(
			requestAs(saved({ tenantId: 'contoso.onmicrosoft.com' }), machineActions()),
		).resolves.toHaveProperty('value');
	});

	it('reads what to do, and no secret, when the sign-in is refused', async () => {
		const credential = saved({ clientSecret: 'wrong~Secret.12345' });
		const error = await requestAs(credential, machineActions()).then(
			() => undefined,
			(refusal: Error) => refusal,
		);
		expect(error?.message).toContain('(AADSTS7000215)');
		expect(error?.message).toContain('paste its Value');
		expect(`${error?.stack}${JSON.stringify(error)}`).not.toContain('wrong~Secret');
		expect(signIns()).toHaveLength(1);
		expect(credential.data.accessToken).toBe('');
	});
});

describe('the connection test', () => {
	it.each(['clientSecret', 'certificate'])('succeeds by %s', async (by) => {
		const credential = saved(by === 'certificate' ? emulator.certificateCredential : {});
		await expect(testConnection(credential)).resolves.toBe('Connection successful!');
		expect(emulator.requests.matching(/^GET \/api\/machineactions\?/)).toHaveLength(1);
	});

	it('judges the secret in the form, although a token of the right one is kept', async () => {
		const credential = saved();
		await requestAs(credential, machineActions());
		credential.data = { ...credential.data, clientSecret: 'wrong' };
		await expect(testConnection(credential)).resolves.toContain('(AADSTS7000215)');
	});

	it('asks anew for a token that is kept: a secret may have been deleted meanwhile', async () => {
		const credential = saved();
		await requestAs(credential, machineActions());
		await expect(testConnection(credential)).resolves.toBe('Connection successful!');
		expect(signIns()).toHaveLength(2);
	});

	it.each([
		['a wrong secret', { clientSecret: 'wrong' }, '(AADSTS7000215)'],
		['an unknown tenant', { tenantId: '00000000-0000-4000-8000-000000000000' }, '(AADSTS90002)'],
		['an unknown app', { clientId: '00000000-0000-4000-8000-000000000000' }, '(AADSTS700016)'],
		['an unknown resource', { resource: 'https://unknown.example' }, '(AADSTS500011)'],
		['a malformed tenant', { tenantId: 'contoso' }, "'Directory (Tenant) ID' is neither a GUID"],
		['a wrong login URL', { loginUrl: 'http://contoso.example' }, "'Login URL'"],
		['a missing API URL', { apiUrl: '' }, "'API URL'"],
		['a token for another API', { resource: otherResource }, 'lacks the permission'],
		['nobody at the login URL', { loginUrl: 'http://127.0.0.1:9' }, 'did not answer'],
	])('says what is wrong about %s', async (_case, fields, text) => {
		await expect(testConnection(saved(fields))).resolves.toContain(text);
	});

	it('says so when the secret has expired', async () => {
		emulator.application.addSecret('expired~secret', Date.now() - 1000);
		await expect(testConnection(saved({ clientSecret: 'expired~secret' }))).resolves.toContain(
			'(AADSTS7000222)',
		);
	});

	it('tells an app without permissions which ones to add', async () => {
		emulator.application.setRoles([]);
		await expect(testConnection(saved())).resolves.toContain(
			'add Machine.ReadWrite.All, Machine.LiveResponse and Library.Manage',
		);
	});

	it('succeeds for an app that can only read: Connection > Check has the rest', async () => {
		emulator.application.setRoles(['Machine.ReadWrite.All']);
		await expect(testConnection(saved())).resolves.toBe('Connection successful!');
	});

	it('tells an app that lacks the one for reading which one it is', async () => {
		emulator.application.setRoles(['Machine.LiveResponse']);
		await expect(testConnection(saved())).resolves.toContain(
			'lacks the permission Machine.ReadWrite.All',
		);
	});
});
