import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A key pair for certificate sign-in, both in PEM (PKCS #8 and X.509). */
export interface SelfSignedCertificate {
	privateKey: string;
	certificate: string;
}

/** Makes a self-signed RSA certificate, valid from yesterday for a year. */
export async function createCertificate(name: string): Promise<SelfSignedCertificate> {
	const algorithm = {
		name: 'RSASSA-PKCS1-v1_5',
		hash: 'SHA-256',
		publicExponent: new Uint8Array([1, 0, 1]),
		modulusLength: 2048,
	};
	const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
	const day = 24 * 60 * 60 * 1000;
	const certificate = await x509.X509CertificateGenerator.createSelfSigned(
		{
			serialNumber: '01',
			name: `CN=${name}`,
			notBefore: new Date(Date.now() - day),
			notAfter: new Date(Date.now() + 365 * day),
			signingAlgorithm: algorithm,
			keys: keys as never,
		},
		webcrypto as never,
	);
	const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
	return {
		privateKey: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
		certificate: certificate.toString('pem'),
	};
}
