import 'reflect-metadata';

import { webcrypto } from 'node:crypto';

import { X509CertificateGenerator } from '@peculiar/x509';

const DAY = 24 * 60 * 60 * 1000;

const RSA = {
	name: 'RSASSA-PKCS1-v1_5',
	hash: 'SHA-256',
	publicExponent: new Uint8Array([1, 0, 1]),
};

export interface TestCertificate {
	/** PKCS #8 PEM. */
	privateKey: string;
	/** X.509 PEM. */
	certificate: string;
}

/** A self-signed certificate with its key; days count from now. */
export async function createCertificate({
	key = 'rsa2048',
	fromDay = -1,
	toDay = 30,
}: {
	key?: 'rsa2048' | 'rsa1024' | 'ec';
	fromDay?: number;
	toDay?: number;
} = {}): Promise<TestCertificate> {
	const algorithm =
		key === 'ec'
			? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
			: { ...RSA, modulusLength: key === 'rsa2048' ? 2048 : 1024 };
	const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
	const certificate = await X509CertificateGenerator.createSelfSigned(
		{
			name: 'CN=Defender Live Response test',
			notBefore: new Date(Date.now() + fromDay * DAY),
			notAfter: new Date(Date.now() + toDay * DAY),
			signingAlgorithm: algorithm,
			keys: keys as never,
		},
		webcrypto as never,
	);
	const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
	return {
		privateKey: armour('PRIVATE KEY', pkcs8),
		certificate: armour('CERTIFICATE', Buffer.from(certificate.rawData)),
	};
}

function armour(label: string, der: Buffer): string {
	const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
	return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
