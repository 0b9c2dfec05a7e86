/** What node and credential have to agree on about the credential's fields. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/**
 * Set by the node: a token that the process keeps for these settings will do. Without it, as in the
 * connection test, a new one is asked for.
 */
export const USES_KEPT_TOKEN = 'usesKeptToken';

/** Fields that a token does not belong to. */
const OF_NO_TOKEN: readonly string[] = [
	USES_KEPT_TOKEN,
	'accessToken',
	'oauthTokenData',
	'callsPerMinute',
	'callsPerHour',
];

/**
 * All settings that a token belongs to, as text to compare: tenant, client, what the app proves itself
 * with, cloud and addresses. It holds secrets.
 */
export function settingsText(credential: ICredentialDataDecryptedObject): string {
	const settings = Object.entries(credential).filter(([name]) => !OF_NO_TOKEN.includes(name));
	return JSON.stringify(settings.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** For one call: n8n asks the credential for a token, and puts it into this object alone. */
export const forOneCall = (
	credential: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject => ({
	...credential,
	accessToken: '',
	[USES_KEPT_TOKEN]: true,
});

/**
 * Whether a field is an expression over an item, where there is none: n8n leaves it out then. It gives
 * every other field that the form shows at least its default.
 */
export function needsItem(credential: ICredentialDataDecryptedObject): boolean {
	const shown = [
		'cloud',
		'tenantId',
		'clientId',
		...(credential.authentication === 'certificate'
			? ['privateKey', 'certificate']
			: ['authentication', 'clientSecret']),
		...(credential.cloud === 'custom' ? ['loginUrl', 'apiUrl', 'resource', 'downloadHosts'] : []),
	];
	return shown.some((name) => credential[name] === undefined);
}
