/** Custom: the addresses of a cloud as the credential has them. */
import { DOWNLOAD_HOST, isHttpsOrLoopback } from './allowedHosts';
import { invalid, textOf, type CloudSettings, type EndpointsOutcome } from './cloudEndpoints';

const URL_RULE = 'It must start with https:// (http:// only for this machine, e.g. 127.0.0.1)';

/** The addresses that the user has entered. */
export function customEndpoints(settings: CloudSettings): EndpointsOutcome {
	const login = httpUrl(textOf(settings.loginUrl));
	if (login === undefined || login.pathname !== '/') {
		return invalid(
			'loginUrl',
			`Enter only scheme and host in the field 'Login URL', e.g. https://login.microsoftonline.com. ${URL_RULE}`,
		);
	}
	const api = httpUrl(textOf(settings.apiUrl));
	if (api === undefined || !/^(\/api)?\/?$/.test(api.pathname)) {
		return invalid(
			'apiUrl',
			`Enter scheme and host, with or without /api, in the field 'API URL', e.g. https://api.security.microsoft.com. ${URL_RULE}`,
		);
	}
	const resource = textOf(settings.resource).replace(/\/+$/, '');
	if (!/^(https?|api):\/\/[^\s?#]+$/i.test(resource)) {
		return invalid(
			'resource',
			"Enter the identifier of the API that tokens are issued for in the field 'Token Resource', e.g. https://api.securitycenter.microsoft.com",
		);
	}
	const downloadHosts = textOf(settings.downloadHosts)
		.toLowerCase()
		.split(',')
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
	if (downloadHosts.length === 0 || !downloadHosts.every((entry) => DOWNLOAD_HOST.test(entry))) {
		return invalid(
			'downloadHosts',
			"Enter hosts separated by commas in the field 'Download Hosts', without https:// and without a path, e.g. .blob.core.windows.net, 127.0.0.1:10000",
		);
	}
	return {
		kind: 'endpoints',
		endpoints: {
			loginUrl: login.origin,
			apiUrl: `${api.origin}/api`,
			resource,
			downloadHosts,
			packageHosts: 'asDownloadHosts',
			azureStorage: String(settings.azureStorage) !== 'false',
		},
	};
}

/** An absolute URL a token may travel to, or undefined. */
function httpUrl(value: string): URL | undefined {
	if (!URL.canParse(value)) return undefined;
	const url = new URL(value);
	const plain = !/[?#]/.test(value) && url.username === '' && url.password === '';
	return plain && isHttpsOrLoopback(url) ? url : undefined;
}
