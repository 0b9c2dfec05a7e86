/** The node with the OAuth2 credential, on n8n's engine: what a signed-in user gets and reads. */
import { contosoMachineId, type Emulator } from '../../../emulator/emulator.mts';
import { allScopes } from '../../../emulator/entra/application.mts';
import { ConnectedUser } from '../../support/connectedUser.mts';
import { runNode, type NodeRun } from '../../support/engine.mts';
import { searchList } from '../../support/loadOptions.mts';
import { startTestEmulator } from '../../support/testEmulator.mts';

jest.mock('../../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../../support/instantClock.mts'),
);

let emulator: Emulator;
let later = 0;
const hour = 3_600_000;

beforeAll(async () => {
	emulator = await startTestEmulator({
		limits: { callsPerMinute: 10_000, callsPerHour: 100_000, runsPerMinute: 1000 },
		clock: () => Date.now() + later,
		timeScale: 2000,
	});
});

afterAll(async () => await emulator.stop());

beforeEach(() => {
	later = 0;
	emulator.requests.clear();
	emulator.faults.clear();
	emulator.application.scopes = allScopes;
});

const connect = async (fields: object = {}) =>
	await ConnectedUser.connect({ ...emulator.oAuth2Credential, ...fields });

const runScript = async (credential: ConnectedUser, more: Partial<NodeRun> = {}) =>
	await runNode({
		parameters: {
			authentication: 'oAuth2',
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: { __rl: true, mode: 'id', value: emulator.tenant.machines.add() },
			scriptName: { __rl: true, mode: 'id', value: 'triage.ps1' },
			comment: 'Alert 4711',
			waitForCompletion: false,
			options: {},
		},
		credential,
		...more,
	});

const getMany = async (credential: ConnectedUser, more: Partial<NodeRun> = {}) =>
	await runNode({
		parameters: {
			authentication: 'oAuth2',
			resource: 'machineAction',
			operation: 'getAll',
			limit: 1,
			options: {},
		},
		credential,
		...more,
	});

const renewals = () =>
	emulator.requests.matching(/^POST \/[^/]+\/oauth2\/v2\.0\/token/, 'login').length;

describe('a signed-in user', () => {
	it('starts a live response in the own name', async () => {
		const { items, error } = await runScript(await connect());
		expect(error).toBeUndefined();
		const { machineActionId } = items[0].json;
		expect(emulator.tenant.actions.all.find(({ id }) => id === machineActionId)).toMatchObject({
			requestor: 'analyst@contoso.example',
		});
	});

	it('finds devices in the list of the editor', async () => {
		const { results } = await searchList('searchMachines', await connect(), 'pc-fin-015');
		expect(results).toMatchObject([{ value: contosoMachineId('pc-fin-015.contoso.example') }]);
	});
});

describe('when the token ends', () => {
	it('it is renewed without anybody being asked, and kept', async () => {
		const user = await connect();
		later = 2 * hour;
		expect((await getMany(user)).status).toBe('success');
		expect((await getMany(user)).status).toBe('success');
		expect(user.renewed).toBe(1);
	});

	it('it is renewed once for many items', async () => {
		const user = await connect();
		later = 2 * hour;
		emulator.requests.clear();
		const items = Array.from({ length: 15 }, () => ({ json: {} }));
		expect((await getMany(user, { items })).items).toHaveLength(15);
		expect([renewals(), user.renewed]).toEqual([1, 1]);
	});

	it('a script is started once', async () => {
		const user = await connect();
		later = 2 * hour;
		const before = emulator.tenant.actions.all.length;
		const { error } = await runScript(user);
		expect(error).toBeUndefined();
		expect(emulator.tenant.actions.all).toHaveLength(before + 1);
	});
});

describe('when a user may not go on', () => {
	const refusal = async (user: ConnectedUser) => {
		const before = emulator.tenant.actions.all.length;
		const { error, stored } = await runScript(user);
		expect(emulator.tenant.actions.all).toHaveLength(before);
		const text = JSON.stringify(stored);
		const { access_token, refresh_token } = (user.stored.oauthTokenData ?? {}) as Record<
			string,
			string
		>;
		for (const secret of [user.stored.clientSecret, access_token, refresh_token]) {
			if (secret) expect(text).not.toContain(secret);
		}
		return { message: error?.message, description: error?.description };
	};

	it('says that the credential has yet to be connected, and calls nobody', async () => {
		expect(await refusal(new ConnectedUser(emulator.oAuth2Credential))).toEqual({
			message: 'The credential is not connected to a user',
			description: expect.stringContaining('sign in'),
		});
		expect(emulator.requests.all).toEqual([]);
	});

	it('says that the sign-in has ended', async () => {
		const user = await connect();
		emulator.application.revokeTokens();
		expect(await refusal(user)).toEqual({
			message: 'The sign-in of the user has ended',
			description: expect.stringContaining('sign in again'),
		});
	});

	it('says the same when there is nothing to renew with', async () => {
		const user = await connect();
		delete (user.stored.oauthTokenData as Record<string, unknown>).refresh_token;
		later = 2 * hour;
		expect((await refusal(user)).message).toBe('The sign-in of the user has ended');
	});

	it.each([
		[
			'the secret has expired',
			{ kind: 'signInError', error: 'invalid_client', code: 7000222, status: 401 },
			/^The client secret has expired.*\(AADSTS7000222\)$/,
		],
		['Entra is down', { kind: 'unavailable', on: 'login' }, /^Microsoft Entra cannot answer/],
		['a proxy answers', { kind: 'notJson', on: 'login' }, /did not come from Microsoft Entra/],
		[
			'nothing answers',
			{ kind: 'resetBefore', on: 'login' },
			/^The sign-in service did not answer/,
		],
	] as const)('says so when %s', async (_case, fault, message) => {
		const user = await connect();
		later = 2 * hour;
		emulator.faults.order({ ...fault, count: Infinity });
		expect(await refusal(user)).toEqual({
			message: expect.stringMatching(message),
			description: expect.stringContaining('Open the credential'),
		});
	});

	it('says which certificate field holds no certificate', async () => {
		const user = await connect();
		user.stored = {
			...user.stored,
			clientCredentialType: 'certificate',
			privateKey: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
			certificate: '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
		};
		later = 2 * hour;
		expect((await refusal(user)).message).toContain('Certificate field');
	});

	it('names the delegated permission, and that the user needs a role too', async () => {
		emulator.application.scopes = ['Machine.ReadWrite'];
		expect(await refusal(await connect())).toEqual({
			message:
				'The signed-in user may not do this: it needs Machine.LiveResponse. Grant it in Microsoft Entra, then open the credential in n8n and connect again, so that it gets a new token',
			description: expect.stringMatching(/Delegated permissions.*role with live response/),
		});
		emulator.application.scopes = ['Machine.LiveResponse'];
		expect((await getMany(await connect())).error?.message).toBe(
			'The signed-in user may not do this: it needs Machine.ReadWrite. Grant it in Microsoft Entra, then open the credential in n8n and connect again, so that it gets a new token',
		);
	});
});

it('the app proves itself with a certificate as well', async () => {
	const user = await connect();
	const { privateKey, certificate } = emulator.certificateCredential;
	user.stored = {
		...user.stored,
		clientCredentialType: 'certificate',
		clientSecret: '',
		// As they come out of a single-line field.
		privateKey: privateKey.replaceAll('\n', ' '),
		certificate: certificate.replaceAll('\n', ' '),
	};
	emulator.faults.order({ kind: 'unauthorized' });
	expect((await getMany(user)).status).toBe('success');
	expect(user.renewed).toBe(1);
});
