/** Where one Defender cloud is reached. URLs have no trailing slash. */
export interface CloudEndpoints {
	/** Origin of the sign-in authority. */
	loginUrl: string;
	/** Origin of the Defender API followed by `/api`. */
	apiUrl: string;
	/** What a token is asked for: `<resource>/.default`. The audience does not follow the API host. */
	resource: string;
	/** Hosts that may serve result files: an exact `host[:port]`, or a suffix that starts with a dot. */
	downloadHosts: readonly string[];
	/** Whether the result files are in Azure Storage, which marks its answers with `x-ms-…` headers. */
	azureStorage: boolean;
}

/** The credential's cloud fields as n8n hands them over: nothing is known about their types yet. */
export type CloudSettings = {
	readonly [
		Field in
			'cloud' | 'region' | 'loginUrl' | 'apiUrl' | 'resource' | 'downloadHosts' | 'azureStorage'
	]?: unknown;
};

/** `message` is for the user: static text that names the field and says how to go on. */
export type EndpointsOutcome =
	| { kind: 'endpoints'; endpoints: CloudEndpoints }
	| { kind: 'invalid'; field: string; message: string };

const AZURE_BLOB = '.blob.core.windows.net';
const AZURE_GOVERNMENT_BLOB = '.blob.core.usgovcloudapi.net';

/** Hosts and resources: https://learn.microsoft.com/defender-endpoint/gov#api */
const US_GOVERNMENT: CloudEndpoints = {
	loginUrl: 'https://login.microsoftonline.us',
	apiUrl: 'https://api-gov.securitycenter.microsoft.us/api',
	resource: 'https://api-gov.securitycenter.microsoft.us',
	downloadHosts: [AZURE_GOVERNMENT_BLOB],
	azureStorage: true,
};

/** Every cloud whose hosts are fixed. `global` is the entry of the region `auto`. */
export const CLOUDS = {
	global: {
		loginUrl: 'https://login.microsoftonline.com',
		apiUrl: 'https://api.security.microsoft.com/api',
		resource: 'https://api.securitycenter.microsoft.com',
		downloadHosts: [AZURE_BLOB],
		azureStorage: true,
	},
	gcc: {
		loginUrl: 'https://login.microsoftonline.com',
		apiUrl: 'https://api-gcc.securitycenter.microsoft.us/api',
		resource: 'https://api-gcc.securitycenter.microsoft.us',
		downloadHosts: [AZURE_BLOB, AZURE_GOVERNMENT_BLOB],
		azureStorage: true,
	},
	gccHigh: US_GOVERNMENT,
	dod: US_GOVERNMENT,
} as const satisfies Record<string, CloudEndpoints>;

/** https://learn.microsoft.com/defender-endpoint/api/exposed-apis-list#endpoint-uri-and-versions */
export const REGIONS = ['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'] as const;

type FixedCloud = keyof typeof CLOUDS;
type Region = (typeof REGIONS)[number];

/** The API URL nearest to the tenant's data in the global cloud. */
export function regionalApiUrl(region: Region): string {
	return `https://${region}.api.security.microsoft.com/api`;
}

/** Turns the credential's cloud fields into endpoints, or says which field to change. */
export function resolveEndpoints(settings: CloudSettings): EndpointsOutcome {
	const cloud = text(settings.cloud) || 'global';
	if (cloud === 'custom') return customEndpoints(settings);
	if (!isFixedCloud(cloud)) {
		return invalid('cloud', "Choose one of the listed values in the field 'Cloud'");
	}
	if (cloud !== 'global') return { kind: 'endpoints', endpoints: CLOUDS[cloud] };

	const region = text(settings.region) || 'auto';
	if (region === 'auto') return { kind: 'endpoints', endpoints: CLOUDS.global };
	if (!isRegion(region)) {
		return invalid('region', "Choose one of the listed values in the field 'Region'");
	}
	return { kind: 'endpoints', endpoints: { ...CLOUDS.global, apiUrl: regionalApiUrl(region) } };
}

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

/**
 * Whether an investigation package may be fetched from this address. Microsoft names the host for the
 * global cloud only; with custom addresses it is one of the download hosts.
 */
export function isAllowedPackageHost(url: URL, endpoints: CloudEndpoints): boolean {
	const fixed = Object.values(CLOUDS).find(
		(cloud) => cloud.downloadHosts === endpoints.downloadHosts,
	);
	if (!fixed) return isAllowedDownloadHost(url, endpoints);
	const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '';
	return fixed === CLOUDS.global && isPlain && url.port === '' && PACKAGE_HOST.test(url.hostname);
}

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-package-sas-uri */
const PACKAGE_HOST = /^userrequests(?:-[a-z0-9-]+)?\.securitycenter\.windows\.com$/;

/** `host`, `host:port`, `[::1]:port`, or `.suffix` of at least two labels (never a whole top level). */
const DOWNLOAD_HOST =
	/^(\[[0-9a-f:]+\]|[a-z0-9-]+(?:\.[a-z0-9-]+)*|(?:\.[a-z0-9-]+){2,})(?::([1-9]\d{0,4}))?$/;

const URL_RULE = 'It must start with https:// (http:// only for this machine, e.g. 127.0.0.1)';

function customEndpoints(settings: CloudSettings): EndpointsOutcome {
	const login = httpUrl(text(settings.loginUrl));
	if (login === undefined || login.pathname !== '/') {
		return invalid(
			'loginUrl',
			`Enter only scheme and host in the field 'Login URL', e.g. https://login.microsoftonline.com. ${URL_RULE}`,
		);
	}
	const api = httpUrl(text(settings.apiUrl));
	if (api === undefined || !/^(\/api)?\/?$/.test(api.pathname)) {
		return invalid(
			'apiUrl',
			`Enter scheme and host, with or without /api, in the field 'API URL', e.g. https://api.security.microsoft.com. ${URL_RULE}`,
		);
	}
	const resource = text(settings.resource).replace(/\/+$/, '');
	if (!/^(https?|api):\/\/[^\s?#]+$/i.test(resource)) {
		return invalid(
			'resource',
			"Enter the identifier of the API that tokens are issued for in the field 'Token Resource', e.g. https://api.securitycenter.microsoft.com",
		);
	}
	const downloadHosts = text(settings.downloadHosts)
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

function isHttpsOrLoopback(url: URL): boolean {
	return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
	return (
		hostname === 'localhost' ||
		hostname === '[::1]' ||
		/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
	);
}

function isFixedCloud(cloud: string): cloud is FixedCloud {
	return Object.hasOwn(CLOUDS, cloud);
}

function isRegion(region: string): region is Region {
	return REGIONS.some((known) => known === region);
}

function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

function invalid(field: string, message: string): EndpointsOutcome {
	return { kind: 'invalid', field, message };
}
