/**
 * `resolveEndpoints` and the paths of Microsoft Entra, for the places where n8n takes nothing but an
 * expression. The tables come from `clouds.ts`; a test compares the outcomes.
 */
import { type CloudEndpoints } from '../nodes/DefenderLiveResponse/transport/cloudEndpoints';
import { CLOUDS, regionalApiUrl, REGIONS } from '../nodes/DefenderLiveResponse/transport/clouds';

/** What holds the credential's fields: `$credentials` in a connection test, `$self` in a field. */
type Fields = '$credentials' | '$self';

/** The Defender API's URL, which ends with `/api`. */
export function apiUrlExpression(fields: Fields): string {
	const regions = JSON.stringify(
		Object.fromEntries(REGIONS.map((region) => [region, regionalApiUrl(region)])),
	);
	const custom = `${trimmed(fields, 'apiUrl')}.replace(/\\/+$/, '').replace(/\\/api$/, '') + '/api'`;
	const regional = `(${fields}.cloud === 'global' && (${regions})[${fields}.region])`;
	return `={{ ${fields}.cloud === 'custom' ? ${custom} : ${regional} || ${ofCloud(fields, 'apiUrl')} }}`;
}

/** Entra's address for this tenant; no URL at all when the client secret could be overheard on its way. */
export function signInUrlExpression(fields: Fields, endpoint: 'authorize' | 'token'): string {
	const safe =
		'/^(https:\\/\\/[^\\s\\/?#@]+|http:\\/\\/(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])(:\\d+)?)\\/*$/i';
	const loginUrl = trimmed(fields, 'loginUrl');
	const custom = `(${safe}.test(${loginUrl}) ? ${loginUrl}.replace(/\\/+$/, '') : '')`;
	const login = `(${fields}.cloud === 'custom' ? ${custom} : ${ofCloud(fields, 'loginUrl')})`;
	const tenant = `encodeURIComponent(${trimmed(fields, 'tenantId')})`;
	return `={{ ${login} + '/' + ${tenant} + '/oauth2/v2.0/${endpoint}' }}`;
}

/** Every delegated permission the app has for the API, and a refresh token. */
export function scopeExpression(fields: Fields): string {
	const custom = `${trimmed(fields, 'resource')}.replace(/\\/+$/, '')`;
	const resource = `(${fields}.cloud === 'custom' ? ${custom} : ${ofCloud(fields, 'resource')})`;
	return `={{ ${resource} + '/.default offline_access' }}`;
}

function ofCloud(
	fields: Fields,
	entry: Exclude<keyof CloudEndpoints, 'downloadHosts' | 'azureStorage'>,
): string {
	const table = Object.fromEntries(
		Object.entries(CLOUDS).map(([cloud, endpoints]) => [cloud, endpoints[entry]]),
	);
	return `(${JSON.stringify(table)})[${fields}.cloud]`;
}

function trimmed(fields: Fields, name: string): string {
	return `(${fields}.${name} || '').trim()`;
}
