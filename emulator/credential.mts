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

/** The values for sign-in with the client secret and with the certificate. */
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
}): { credential: CredentialValues; certificateCredential: CredentialValues } {
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
	return { credential, certificateCredential };
}

/** A call limit as real calls a minute or an hour; a lifted limit becomes a number no client reaches. */
function callBudget(limit: number, speed: number): number {
	return Number.isFinite(limit) ? Math.max(1, Math.floor(limit * speed)) : 1_000_000;
}
