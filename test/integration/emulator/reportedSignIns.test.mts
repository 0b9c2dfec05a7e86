import jwt from 'jsonwebtoken';
import { startEmulator, type Emulator } from '../../../emulator/emulator.mts';
import { harshCloud } from '../../../emulator/harshCloud.mts';
import { reply, type Reply } from './client.mts';

let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ tenant: 'empty', signIn: harshCloud.signIn });
});
afterEach(() => {
	expect(emulator.faults.outstanding).toEqual([]);
});
afterAll(async () => {
	await emulator.stop();
});

const signIn = async (): Promise<Reply> => {
	const { clientId, clientSecret, loginUrl, resource, tenantId } = emulator.credential;
	return await reply(`${loginUrl}/${tenantId}/oauth2/v2.0/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret: clientSecret,
			scope: `${resource}/.default`,
		}),
	});
};
const rolesOf = ({ json }: Reply) =>
	(jwt.decode(String(json?.access_token)) as jwt.JwtPayload).roles as string[] | undefined;

it('the first token can lack its roles; the next one has them', async () => {
	expect(rolesOf(await signIn())).toBeUndefined();
	expect(rolesOf(await signIn())).toContain('Machine.ReadWrite.All');
});

it('a token without roles can be ordered', async () => {
	emulator.faults.order({ kind: 'tokenWithoutRoles', skip: 1 });
	const tokens = [await signIn(), await signIn(), await signIn()];

	expect(tokens.map((answer) => rolesOf(answer) !== undefined)).toEqual([true, false, true]);
});

it.each([
	['certificateOutsideValidity', 401, 'invalid_client', [1000502]],
	['certificateRevoked', 401, 'invalid_client', [7000214]],
	['noServicePrincipal', 401, 'invalid_client', [7000229]],
	['assertionSignature', 401, 'invalid_client', [70002, 50012]],
	['assertionTimeRange', 400, 'invalid_grant', [70002, 500133]],
	['temporarilyUnavailable', 503, 'temporarily_unavailable', [90033]],
] as const)('%s is refused in the words of Entra', async (refusal, status, error, codes) => {
	emulator.faults.order({ kind: 'reportedRefusal', refusal });
	const answer = await signIn();

	expect(answer.status).toBe(status);
	expect(answer.json).toMatchObject({ error, error_codes: codes });
	for (const code of codes) {
		expect(answer.json?.error_description).toContain(`AADSTS${code}: `);
	}
	expect((await signIn()).status).toBe(200);
});

it('a missing service principal is named with its tenant', async () => {
	const { clientId, tenantId } = emulator.credential;
	emulator.faults.order({ kind: 'reportedRefusal', refusal: 'noServicePrincipal' });

	expect((await signIn()).json?.error_description).toContain(
		`${clientId} is missing service principal in the tenant ${tenantId}`,
	);
});

it('a renewal can find Entra unavailable', async () => {
	emulator.faults.order({ kind: 'reportedRefusal', refusal: 'temporarilyUnavailable', skip: 1 });

	expect([(await signIn()).status, (await signIn()).status, (await signIn()).status]).toEqual([
		200, 503, 200,
	]);
});

it('a refusal that nobody reported is not taken', async () => {
	const answer = await reply(`${emulator.loginUrl}/_emulator/faults`, {
		method: 'POST',
		body: JSON.stringify({ kind: 'reportedRefusal', refusal: 'nonsense' }),
	});

	expect([answer.status, answer.text]).toEqual([
		400,
		JSON.stringify({ error: "There is no refusal 'nonsense'." }),
	]);
});
