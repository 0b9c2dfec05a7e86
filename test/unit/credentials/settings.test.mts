import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';

import { readSignInSettings } from '../../../credentials/signIn/settings';
import { createCertificate, type TestCertificate } from './certificates.mts';

const NOW = new Date();
const app = {
	cloud: 'global',
	region: 'auto',
	tenantId: '9c8f1d0e-1111-4222-8333-444455556666',
	clientId: '0a1b2c3d-aaaa-4bbb-8ccc-ddddeeeeffff',
	authentication: 'clientSecret',
	clientSecret: 'Sup3r~Secret.Value',
};

let pair: TestCertificate;
beforeAll(async () => {
	pair = await createCertificate();
});

describe('the fields of an app registration', () => {
	it('are taken as pasted, with the spaces around them gone', () => {
		expect(
			readSignInSettings(
				{ ...app, tenantId: ` ${app.tenantId}\n`, clientSecret: ' Sup3r~Secret.Value ' },
				NOW,
			),
		).toMatchObject({
			tenantId: app.tenantId,
			clientId: app.clientId,
			proof: { kind: 'clientSecret', clientSecret: 'Sup3r~Secret.Value' },
		});
	});

	it.each(['contoso.onmicrosoft.com', 'contoso.com'])('may name the tenant %s', (tenantId) => {
		expect(readSignInSettings({ ...app, tenantId }, NOW).tenantId).toBe(tenantId);
	});

	it.each([
		['Directory (Tenant) ID', { tenantId: '' }],
		['Directory (Tenant) ID', { tenantId: 'common' }],
		['Directory (Tenant) ID', { tenantId: 'organizations' }],
		['Directory (Tenant) ID', { tenantId: 'contoso.com/../evil' }],
		['Directory (Tenant) ID', { tenantId: 'contoso.com?x=1' }],
		['Directory (Tenant) ID', { tenantId: 'user@contoso.com' }],
		['Directory (Tenant) ID', { tenantId: 12 }],
		['Application (Client) ID', { clientId: '' }],
		['Application (Client) ID', { clientId: 'my-app' }],
		['Client Secret', { clientSecret: '  ' }],
		['Authentication', { authentication: 'password' }],
		['Cloud', { cloud: 'moon' }],
		['Login URL', { cloud: 'custom' }],
		['Private Key', { authentication: 'certificate' }],
	])("name the field '%s' when it is %j", (field, wrong) => {
		const read = () => readSignInSettings({ ...app, ...wrong }, NOW);
		expect(read).toThrow(`'${field}'`);
		for (const value of Object.values(wrong)) {
			if (String(value).length > 8) expect(read).not.toThrow(String(value));
		}
	});
});

describe('a certificate', () => {
	const read = (privateKey: string, certificate: string, now = NOW) => {
		const { proof } = readSignInSettings(
			{ ...app, authentication: 'certificate', privateKey, certificate },
			now,
		);
		if (proof.kind !== 'certificate') throw new Error('expected a certificate');
		return proof.certificate;
	};

	it.each([
		['as it is', (pem: string) => pem],
		['with Windows line ends', (pem: string) => pem.replaceAll('\n', '\r\n')],
		['with spaces for line breaks', (pem: string) => pem.trim().replaceAll('\n', ' ')],
		['with \\n for line breaks', (pem: string) => pem.replaceAll('\n', '\\n')],
		['with \\r\\n for line breaks', (pem: string) => pem.replaceAll('\n', '\\r\\n')],
		['on one line', (pem: string) => pem.replaceAll('\n', '')],
		['as a JSON string', (pem: string) => JSON.stringify(pem)],
		['after the notes of openssl', (pem: string) => `Bag Attributes\n  localKeyID: 01\n${pem}`],
	])('is read %s', (_how, paste) => {
		const { privateKey, certificate, thumbprintSha256 } = read(
			paste(pair.privateKey),
			paste(pair.certificate),
		);
		expect(privateKey).toBe(pair.privateKey);
		expect(certificate).toBe(pair.certificate);
		expect(thumbprintSha256).toBe(
			new X509Certificate(pair.certificate).fingerprint256.replaceAll(':', ''),
		);
	});

	it('is found with its key and its chain in one paste, and comes first', async () => {
		const issuer = await createCertificate();
		const all = `${issuer.certificate}${pair.privateKey}${pair.certificate}`;
		expect(read(all, all)).toMatchObject({
			privateKey: pair.privateKey,
			certificate: `${pair.certificate}${issuer.certificate}`,
		});
	});

	it('takes a key in the older PKCS #1 form', () => {
		const pkcs1 = createPrivateKey(pair.privateKey).export({ type: 'pkcs1', format: 'pem' });
		expect(read(String(pkcs1), pair.certificate).privateKey).toBe(pkcs1);
	});

	it.each([
		['the fields are swapped', "No private key was found in the field 'Private Key'", 'swapped'],
		['the key is cut off', "'Private Key' cannot be read", 'cut'],
		['the certificate is cut off', "'Certificate' cannot be read", 'cutCertificate'],
		['the key has a passphrase', 'protected by a passphrase', 'passphrase'],
		['the key has a passphrase, PKCS #1', 'protected by a passphrase', 'legacyPassphrase'],
		['they do not belong together', 'do not belong together', 'mismatch'],
		['the key is not RSA', 'is not an RSA key', 'ec'],
		['the key is short', 'is too short', 'rsa1024'],
		['it has expired', 'has expired', 'expired'],
		['it is not valid yet', 'is not valid yet', 'early'],
	])('is refused before any call when %s', async (_why, message, kind) => {
		const [privateKey, certificate] = await wrongPair(kind);
		expect(() => read(privateKey, certificate)).toThrow(message);
		expect(() => read(privateKey, certificate)).not.toThrow(/MII/);
	});

	async function wrongPair(kind: string): Promise<[string, string]> {
		const cut = (pem: string) => pem.replace(/\n.{64}\n.{64}\n/, '\n');
		const encrypted = (type: 'pkcs8' | 'pkcs1') =>
			generateKeyPairSync('rsa', {
				modulusLength: 2048,
				publicKeyEncoding: { type: 'spki', format: 'pem' },
				privateKeyEncoding: { type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
			}).privateKey;
		const of = (other: TestCertificate): [string, string] => [other.privateKey, other.certificate];
		switch (kind) {
			case 'swapped':
				return [pair.certificate, pair.privateKey];
			case 'cut':
				return [cut(pair.privateKey), pair.certificate];
			case 'cutCertificate':
				return [pair.privateKey, cut(pair.certificate)];
			case 'passphrase':
				return [encrypted('pkcs8'), pair.certificate];
			case 'legacyPassphrase':
				return [encrypted('pkcs1').replaceAll('\n', ' '), pair.certificate];
			case 'mismatch':
				return [pair.privateKey, (await createCertificate()).certificate];
			case 'ec':
				return of(await createCertificate({ key: 'ec' }));
			case 'rsa1024':
				return of(await createCertificate({ key: 'rsa1024' }));
			case 'expired':
				return of(await createCertificate({ fromDay: -9, toDay: -1 }));
			default:
				return of(await createCertificate({ fromDay: 1 }));
		}
	}
});
