import { DefenderLiveResponseApi } from '../../../credentials/DefenderLiveResponseApi.credentials';
import { DefenderLiveResponseOAuth2Api } from '../../../credentials/DefenderLiveResponseOAuth2Api.credentials';
import { resolveEndpoints } from '../../../nodes/DefenderLiveResponse/transport/clouds';
import { customCloud, savedFields } from '../../support/credentialForm.mts';
import { oAuth2Fields } from '../../support/oAuth2Fields.mts';

const credential = new DefenderLiveResponseOAuth2Api();
const field = (name: string) => credential.properties.find((property) => property.name === name);

const resolved = (fields: object) => oAuth2Fields({ tenantId: 'contoso.example', ...fields });

describe('the sign-in of a user', () => {
	it.each([
		{ cloud: 'global' },
		...['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'].map((region) => ({ cloud: 'global', region })),
		{ cloud: 'gcc' },
		{ cloud: 'gccHigh' },
		{ cloud: 'dod' },
		customCloud,
		{ ...customCloud, loginUrl: ' http://127.0.0.1:4010/ ', resource: 'api://defender/ ' },
		{ ...customCloud, loginUrl: 'http://localhost:4010' },
		{ ...customCloud, loginUrl: 'http://[::1]:4010' },
		{ ...customCloud, loginUrl: 'https://login.example.org:8443/' },
	])('goes where the sign-in of the app goes: %j', (fields) => {
		const outcome = resolveEndpoints(fields);
		if (outcome.kind === 'invalid') throw new Error(outcome.message);
		const { loginUrl, resource } = outcome.endpoints;
		expect(resolved(fields)).toMatchObject({
			authUrl: `${loginUrl}/contoso.example/oauth2/v2.0/authorize`,
			accessTokenUrl: `${loginUrl}/contoso.example/oauth2/v2.0/token`,
			scope: `${resource}/.default offline_access`,
			grantType: 'authorizationCode',
			usePkce: true,
			authentication: 'body',
		});
	});

	it.each([
		'http://login.example.org',
		'http://127.0.0.1.example.org',
		'https://user@login.example.org',
		'https://login.example.org/path',
		'ftp://127.0.0.1',
		'',
	])('goes nowhere with the login URL %j', (loginUrl) => {
		const fields = { ...customCloud, loginUrl };
		expect(resolveEndpoints(fields).kind).toBe('invalid');
		const { authUrl, accessTokenUrl } = resolved(fields);
		expect(URL.canParse(String(authUrl))).toBe(false);
		expect(URL.canParse(String(accessTokenUrl))).toBe(false);
	});

	it('asks for the tenant as it was entered, and for nothing beside it', () => {
		expect(resolved({ cloud: 'global', tenantId: ' ../common?x ' }).authUrl).toBe(
			'https://login.microsoftonline.com/..%2Fcommon%3Fx/oauth2/v2.0/authorize',
		);
	});
});

describe('the form', () => {
	it('keeps the names that saved credentials rely on', () => {
		expect(savedFields(credential)).toEqual([
			'accessTokenUrl: hidden',
			'allowedHttpRequestDomains: hidden',
			'apiUrl: string',
			'authQueryParameters: hidden',
			'authUrl: hidden',
			'authentication: hidden',
			'azureStorage: boolean',
			'callsPerHour: number',
			'callsPerMinute: number',
			'certificate: string',
			'clientCredentialType: options',
			'clientId: string',
			'clientSecret: string',
			'cloud: options',
			'downloadHosts: string',
			'grantType: hidden',
			'loginUrl: string',
			'privateKey: string',
			'region: options',
			'resource: string',
			'scope: hidden',
			'tenantId: string',
			'usePkce: hidden',
		]);
	});

	it('asks for the same as the credential of the app, in the same words', () => {
		for (const shared of new DefenderLiveResponseApi().properties) {
			const own = field(shared.name);
			if (['authentication', 'accessToken', 'permissionsNotice'].includes(shared.name)) continue;
			const words = ({ displayName, description, placeholder }: typeof shared) => ({
				displayName,
				description,
				placeholder,
			});
			expect(words(own!)).toEqual(words(shared));
		}
	});

	it.each(['clientSecret', 'privateKey', 'certificate'])('hides %s', (name) => {
		expect(field(name)?.typeOptions?.password).toBe(true);
	});

	it('belongs to the nodes of this package alone', () => {
		expect(credential.restrictToSupportedNodes).toBe(true);
	});
});
