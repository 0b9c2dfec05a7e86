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

/** A call limit as real calls a minute or an hour; a lifted limit becomes a number no client reaches. */
export function callBudget(limit: number, speed: number): number {
	return Number.isFinite(limit) ? Math.max(1, Math.floor(limit * speed)) : 1_000_000;
}
