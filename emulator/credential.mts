import type { SelfSignedCertificate } from './entra/certificate.mts';
import type { Settings } from './settings.mts';

/** Field values of the n8n credential "Defender Live Response API" that reach the emulator. */
export interface CredentialValues {
	cloud: 'custom';
	region: 'auto';
	loginUrl: string;
	apiUrl: string;
	resource: string;
	downloadHosts: string;
	tenantId: string;
	clientId: string;
	authentication: 'clientSecret' | 'certificate';
	clientSecret: string;
	privateKey: string;
	certificate: string;
	callsPerMinute: number;
	callsPerHour: number;
}

/** Field values of the n8n credential "Defender Live Response OAuth2 API"; it is not connected yet. */
export type OAuth2CredentialValues = Omit<CredentialValues, 'authentication'> & {
	clientCredentialType: 'clientSecret' | 'certificate';
};

/** The values for sign-in with the client secret, with the certificate, and of a user. */
export function credentialValues(tenant: {
	tenantId: string;
	clientId: string;
	clientSecret: string;
	pair: SelfSignedCertificate;
	loginUrl: string;
	apiUrl: string;
	downloadUrl: string;
	resource: string;
	settings: Settings;
	timeScale: number;
}): {
	credential: CredentialValues;
	certificateCredential: CredentialValues;
	oAuth2Credential: OAuth2CredentialValues;
} {
	const { limits, windowSeconds } = tenant.settings;
	const speed = (60 / windowSeconds) * tenant.timeScale;
	const credential: CredentialValues = {
		cloud: 'custom',
		region: 'auto',
		tenantId: tenant.tenantId,
		clientId: tenant.clientId,
		authentication: 'clientSecret',
		clientSecret: tenant.clientSecret,
		privateKey: '',
		certificate: '',
		loginUrl: tenant.loginUrl,
		apiUrl: tenant.apiUrl,
		resource: tenant.resource,
		downloadHosts: new URL(tenant.downloadUrl).host,
		callsPerMinute: callBudget(limits.callsPerMinute, speed),
		callsPerHour: callBudget(limits.callsPerHour, speed),
	};
	const certificateCredential: CredentialValues = {
		...credential,
		authentication: 'certificate',
		clientSecret: '',
		...tenant.pair,
	};
	const { authentication, ...shared } = credential;
	const oAuth2Credential = { ...shared, clientCredentialType: authentication };
	return { credential, certificateCredential, oAuth2Credential };
}

/** A call limit as real calls a minute or an hour; a lifted limit becomes a number no client reaches. */
function callBudget(limit: number, speed: number): number {
	return Number.isFinite(limit) ? Math.max(1, Math.floor(limit * speed)) : 1_000_000;
}
