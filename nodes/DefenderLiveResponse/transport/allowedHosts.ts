/** Which hosts a file may be fetched from. */
import type { CloudEndpoints } from './cloudEndpoints';

/**
 * Whether a result file may be fetched from this address: https on a listed host, or http when that
 * host is this very machine. An entry without a port stands for the scheme's own port.
 */
export function isAllowedDownloadHost(url: URL, endpoints: CloudEndpoints): boolean {
	if (!isHttpsOrLoopback(url) || url.username !== '' || url.password !== '') return false;
	const standardPort = url.protocol === 'https:' ? '443' : '80';
	return endpoints.downloadHosts.some((entry) => {
		const [, host, port] = DOWNLOAD_HOST.exec(entry.toLowerCase()) ?? [];
		if (host === undefined || (url.port || standardPort) !== (port ?? standardPort)) return false;
		return host.startsWith('.')
			? url.hostname.endsWith(host) && url.hostname.length > host.length
			: url.hostname === host;
	});
}

/** Whether an investigation package may be fetched from this address. */
export function isAllowedPackageHost(url: URL, endpoints: CloudEndpoints): boolean {
	switch (endpoints.packageHosts) {
		case 'userRequests': {
			const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '';
			return isPlain && url.port === '' && PACKAGE_HOST.test(url.hostname);
		}
		case 'asDownloadHosts':
			return isAllowedDownloadHost(url, endpoints);
		case 'none':
			return false;
	}
}

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-package-sas-uri */
const PACKAGE_HOST = /^userrequests(?:-[a-z0-9-]+)?\.securitycenter\.windows\.com$/;

/** `host`, `host:port`, `[::1]:port`, or `.suffix` of at least two labels (never a whole top level). */
export const DOWNLOAD_HOST =
	/^(\[[0-9a-f:]+\]|[a-z0-9-]+(?:\.[a-z0-9-]+)*|(?:\.[a-z0-9-]+){2,})(?::([1-9]\d{0,4}))?$/;

/** Whether a secret may travel there: http is for this very machine alone. */
export function isHttpsOrLoopback(url: URL): boolean {
	return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
	return (
		hostname === 'localhost' ||
		hostname === '[::1]' ||
		/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
	);
}
