/** The clouds of Defender: which hosts and token resource each has. */
import {
	invalid,
	textOf,
	type CloudEndpoints,
	type CloudSettings,
	type EndpointsOutcome,
} from './cloudEndpoints';
import { customEndpoints } from './customCloud';

const AZURE_BLOB = '.blob.core.windows.net';
const AZURE_GOVERNMENT_BLOB = '.blob.core.usgovcloudapi.net';

/** Hosts and resources: https://learn.microsoft.com/defender-endpoint/gov#api */
const US_GOVERNMENT: CloudEndpoints = {
	loginUrl: 'https://login.microsoftonline.us',
	apiUrl: 'https://api-gov.securitycenter.microsoft.us/api',
	resource: 'https://api-gov.securitycenter.microsoft.us',
	downloadHosts: [AZURE_GOVERNMENT_BLOB],
	packageHosts: 'none',
	azureStorage: true,
};

/** Every cloud whose hosts are fixed. `global` is the entry of the region `auto`. */
export const CLOUDS = {
	global: {
		loginUrl: 'https://login.microsoftonline.com',
		apiUrl: 'https://api.security.microsoft.com/api',
		resource: 'https://api.securitycenter.microsoft.com',
		downloadHosts: [AZURE_BLOB],
		packageHosts: 'userRequests',
		azureStorage: true,
	},
	gcc: {
		loginUrl: 'https://login.microsoftonline.com',
		apiUrl: 'https://api-gcc.securitycenter.microsoft.us/api',
		resource: 'https://api-gcc.securitycenter.microsoft.us',
		downloadHosts: [AZURE_BLOB, AZURE_GOVERNMENT_BLOB],
		packageHosts: 'none',
		azureStorage: true,
	},
	gccHigh: US_GOVERNMENT,
	dod: US_GOVERNMENT,
} as const satisfies Record<string, CloudEndpoints>;

/** https://learn.microsoft.com/defender-endpoint/api/exposed-apis-list#endpoint-uri-and-versions */
export const REGIONS = ['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'] as const;

type FixedCloud = keyof typeof CLOUDS;
type Region = (typeof REGIONS)[number];

/** What the credential offers. */
export type CloudChoice = FixedCloud | 'custom';
export type RegionChoice = Region | 'auto';

/** The API URL nearest to the tenant's data in the global cloud. */
export function regionalApiUrl(region: Region): string {
	return `https://${region}.api.security.microsoft.com/api`;
}

/** Turns the credential's cloud fields into endpoints, or says which field to change. */
export function resolveEndpoints(settings: CloudSettings): EndpointsOutcome {
	const cloud = textOf(settings.cloud) || 'global';
	if (cloud === 'custom') return customEndpoints(settings);
	if (!isFixedCloud(cloud)) {
		return invalid('cloud', "Choose one of the listed values in the field 'Cloud'");
	}
	if (cloud !== 'global') return { kind: 'endpoints', endpoints: CLOUDS[cloud] };

	const region = textOf(settings.region) || 'auto';
	if (region === 'auto') return { kind: 'endpoints', endpoints: CLOUDS.global };
	if (!isRegion(region)) {
		return invalid('region', "Choose one of the listed values in the field 'Region'");
	}
	return { kind: 'endpoints', endpoints: { ...CLOUDS.global, apiUrl: regionalApiUrl(region) } };
}

function isFixedCloud(cloud: string): cloud is FixedCloud {
	return Object.hasOwn(CLOUDS, cloud);
}

function isRegion(region: string): region is Region {
	return REGIONS.some((known) => known === region);
}
