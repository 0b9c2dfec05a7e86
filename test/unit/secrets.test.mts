import { assertNothingSecret } from '../support/secrets.mts';

const credential = {
	clientSecret: 'a-secret-of-some-length',
	privateKey: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----',
	oauthTokenData: { access_token: 'opaque-token-value' },
	tenantId: 'contoso.onmicrosoft.com',
};

describe('the search for secrets in what an execution keeps', () => {
	it.each([
		['a client secret', 'said a-secret-of-some-length here'],
		['a line of a private key', 'MIIEvQIBADANBgkq'],
		['a token of a user', { deep: [{ in: 'opaque-token-value' }] }],
		['the signature of a link', 'https://a.example/b?sp=r&sig=abc'],
		['an encoded signature', 'u=https%3A%2F%2Fa%3Fsig%3Dabc'],
		['a client assertion', 'client_assertion=ey'],
		['a header', 'Bearer eyJ0'],
	])('finds %s', (_what, stored) => {
		expect(() => assertNothingSecret(credential, stored, false)).toThrow('would keep');
	});

	it('finds nothing in a result', () => {
		const stored = { output: 'contoso.onmicrosoft.com', error: null };
		expect(() => assertNothingSecret(credential, stored, false)).not.toThrow();
	});
});
