import { createPrivateKey, type KeyObject, X509Certificate } from 'crypto';
import { UserError } from 'n8n-workflow';

import { type PemBlock, readPem } from './pem';

/** A certificate and its key, known to fit together and to be usable for signing in. */
export interface ClientCertificate {
	/** PEM with line breaks. */
	privateKey: string;
	/** PEM with line breaks: the certificate of the key first, then the rest of its chain. */
	certificate: string;
	/** SHA-256 of the certificate in hexadecimal, 64 upper-case digits. */
	thumbprintSha256: string;
}

const SMALLEST_KEY_BITS = 2048;

/**
 * Reads the fields 'Private Key' and 'Certificate'. Throws a UserError that names the field and
 * never quotes what was entered.
 */
export function readClientCertificate(
	privateKeyText: string,
	certificateText: string,
	now: Date,
): ClientCertificate {
	const keyBlock = privateKeyBlock(privateKeyText);
	const key = privateKey(keyBlock);
	const chain = certificates(certificateText);
	const leaf = chain.find(({ certificate }) => certificate.checkPrivateKey(key));
	if (leaf === undefined) {
		throw new UserError(
			"The fields 'Private Key' and 'Certificate' do not belong together. Paste the certificate that was made from this key and is uploaded under Certificates & secrets of the app registration",
		);
	}
	if (now > new Date(leaf.certificate.validTo)) {
		throw new UserError(
			"The certificate in the field 'Certificate' has expired. Upload a new one under Certificates & secrets of the app registration, then paste it here with its private key",
		);
	}
	if (now < new Date(leaf.certificate.validFrom)) {
		throw new UserError(
			"The certificate in the field 'Certificate' is not valid yet. Check its start date and the clock of the machine that runs n8n",
		);
	}
	return {
		privateKey: keyBlock.pem,
		certificate: [leaf, ...chain.filter((other) => other !== leaf)].map(({ pem }) => pem).join(''),
		thumbprintSha256: leaf.certificate.fingerprint256.replaceAll(':', ''),
	};
}

function privateKeyBlock(text: string): PemBlock {
	const block = readPem(text).find(({ label }) => label.endsWith('PRIVATE KEY'));
	if (block === undefined) {
		throw new UserError(
			"No private key was found in the field 'Private Key'. Paste the whole PEM text, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----",
		);
	}
	if (block.encrypted) {
		throw new UserError(
			"The private key in the field 'Private Key' is protected by a passphrase. Remove it, e.g. with openssl pkey -in key.pem -out plain.pem, and paste the result; n8n stores it encrypted",
		);
	}
	return block;
}

function privateKey({ pem }: PemBlock): KeyObject {
	const key = parsed(() => createPrivateKey(pem));
	if (key === undefined) {
		throw new UserError(
			"The private key in the field 'Private Key' cannot be read. Copy the PEM file again, complete and unchanged",
		);
	}
	if (key.asymmetricKeyType !== 'rsa') {
		throw new UserError(
			"The private key in the field 'Private Key' is not an RSA key. Microsoft Entra signs apps in with RSA certificates only: create one of 2048 bits or more",
		);
	}
	if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < SMALLEST_KEY_BITS) {
		throw new UserError(
			"The RSA key in the field 'Private Key' is too short. Create a certificate with a key of 2048 bits or more",
		);
	}
	return key;
}

function certificates(text: string): Array<{ pem: string; certificate: X509Certificate }> {
	const blocks = readPem(text).filter(({ label }) => label === 'CERTIFICATE');
	if (blocks.length === 0) {
		throw new UserError(
			"No certificate was found in the field 'Certificate'. Paste the whole PEM text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
		);
	}
	const chain = parsed(() =>
		blocks.map(({ pem }) => ({ pem, certificate: new X509Certificate(pem) })),
	);
	if (chain === undefined) {
		throw new UserError(
			"The certificate in the field 'Certificate' cannot be read. Copy the PEM file again, complete and unchanged",
		);
	}
	return chain;
}

/** What OpenSSL says about bad input helps nobody and may quote it. */
function parsed<T>(parse: () => T): T | undefined {
	try {
		return parse();
	} catch {
		return undefined;
	}
}
