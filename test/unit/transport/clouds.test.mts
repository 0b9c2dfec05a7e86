import {
	isAllowedDownloadHost,
	isAllowedPackageHost,
} from '../../../nodes/DefenderLiveResponse/transport/allowedHosts';
import { resolveEndpoints } from '../../../nodes/DefenderLiveResponse/transport/clouds';

const custom = {
	cloud: 'custom',
	loginUrl: 'https://login.example.org',
	apiUrl: 'https://defender.example.org',
	resource: 'https://api.securitycenter.microsoft.com',
	downloadHosts: '.blob.core.windows.net',
};

const endpointsOf = (settings: Parameters<typeof resolveEndpoints>[0]) => {
	const outcome = resolveEndpoints(settings);
	if (outcome.kind === 'invalid') throw new Error(outcome.message);
	return outcome.endpoints;
};

describe('the endpoints of a cloud', () => {
	it.each([
		[undefined, true],
		[true, true],
		[false, false],
		['false', false],
	])('with Azure Storage set to %j', (azureStorage, expected) => {
		expect(endpointsOf({ ...custom, azureStorage }).azureStorage).toBe(expected);
		expect(endpointsOf({ cloud: 'gcc', azureStorage }).azureStorage).toBe(true);
	});

	it('are those of the global cloud for a credential left as it comes', () => {
		expect(endpointsOf({ cloud: 'global', region: 'auto' })).toEqual({
			loginUrl: 'https://login.microsoftonline.com',
			apiUrl: 'https://api.security.microsoft.com/api',
			resource: 'https://api.securitycenter.microsoft.com',
			downloadHosts: ['.blob.core.windows.net'],
			packageHosts: 'userRequests',
			azureStorage: true,
		});
		expect(endpointsOf({})).toEqual(endpointsOf({ cloud: 'global', region: 'auto' }));
	});

	it.each(['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'])(
		'move only the API host for the region %s: the token resource stays',
		(region) => {
			expect(endpointsOf({ cloud: 'global', region })).toEqual({
				...endpointsOf({ cloud: 'global' }),
				apiUrl: `https://${region}.api.security.microsoft.com/api`,
			});
		},
	);

	it('of GCC sign in at the global authority but ask for a government resource', () => {
		expect(endpointsOf({ cloud: 'gcc', region: 'eu' })).toEqual({
			loginUrl: 'https://login.microsoftonline.com',
			apiUrl: 'https://api-gcc.securitycenter.microsoft.us/api',
			resource: 'https://api-gcc.securitycenter.microsoft.us',
			downloadHosts: ['.blob.core.windows.net', '.blob.core.usgovcloudapi.net'],
			packageHosts: 'none',
			azureStorage: true,
		});
	});

	it.each(['gccHigh', 'dod'])('of %s are all in the government cloud', (cloud) => {
		expect(endpointsOf({ cloud })).toEqual({
			loginUrl: 'https://login.microsoftonline.us',
			apiUrl: 'https://api-gov.securitycenter.microsoft.us/api',
			resource: 'https://api-gov.securitycenter.microsoft.us',
			downloadHosts: ['.blob.core.usgovcloudapi.net'],
			packageHosts: 'none',
			azureStorage: true,
		});
	});

	it.each([
		{ cloud: 'constructor' },
		{ cloud: 'china' },
		{ cloud: 'global', region: 'evil.example' },
		{ cloud: 'global', region: 'toString' },
	])('are refused for a value that is not on the list: %j', (settings) => {
		expect(resolveEndpoints(settings).kind).toBe('invalid');
	});
});

describe('a custom cloud', () => {
	it.each([
		'https://defender.example.org',
		'https://defender.example.org/',
		' https://defender.example.org/api ',
		'https://defender.example.org/api/',
	])('takes the API URL with or without /api: %s', (apiUrl) => {
		expect(endpointsOf({ ...custom, apiUrl }).apiUrl).toBe('https://defender.example.org/api');
	});

	it.each(['http://127.0.0.1:4010', 'http://localhost:4010', 'http://[::1]:4010'])(
		'takes plain http on this machine: %s',
		(origin) => {
			expect(
				endpointsOf({ ...custom, loginUrl: origin, apiUrl: origin, downloadHosts: '[::1]:4010' }),
			).toEqual({
				loginUrl: origin,
				apiUrl: `${origin}/api`,
				resource: custom.resource,
				downloadHosts: ['[::1]:4010'],
				packageHosts: 'asDownloadHosts',
				azureStorage: true,
			});
		},
	);

	it('takes a list of download hosts as people type it', () => {
		expect(
			endpointsOf({ ...custom, downloadHosts: ' .Blob.core.windows.net,127.0.0.1:10000 , ' })
				.downloadHosts,
		).toEqual(['.blob.core.windows.net', '127.0.0.1:10000']);
	});

	it.each([
		['loginUrl', ''],
		['loginUrl', 'login.example.org'],
		['loginUrl', 'http://login.example.org'],
		['loginUrl', 'http://127.0.0.1.example.org'],
		['loginUrl', 'https://login.example.org/contoso.com'],
		['loginUrl', 'https://user:pass@login.example.org'],
		['apiUrl', ''],
		['apiUrl', 'http://10.0.0.1'],
		['apiUrl', 'https://defender.example.org/api?x=1'],
		['apiUrl', 'https://defender.example.org/other'],
		['apiUrl', 'ftp://127.0.0.1'],
		['resource', ''],
		['resource', 'not a resource'],
		['downloadHosts', ''],
		['downloadHosts', 'https://storage.example.org'],
		['downloadHosts', '*.blob.core.windows.net'],
		['downloadHosts', '.net'],
		['downloadHosts', 'storage.example.org/path'],
		['downloadHosts', 42],
	])('names the field %s when its value is %j', (field, value) => {
		expect(resolveEndpoints({ ...custom, [field]: value })).toEqual({
			kind: 'invalid',
			field,
			message: expect.stringContaining("in the field '"),
		});
	});
});

describe('a result file', () => {
	const global = endpointsOf({ cloud: 'global' });
	const local = endpointsOf({ ...custom, downloadHosts: '127.0.0.1:10000, store.example.org' });

	it.each([
		[global, 'https://automatedirstrprdeus.blob.core.windows.net/c/b?sig=x'],
		[global, 'https://AUTOMATEDIRSTRPRDEUS.blob.core.windows.net:443/c/b'],
		[local, 'http://127.0.0.1:10000/devstoreaccount1/c/b'],
		[local, 'https://127.0.0.1:10000/devstoreaccount1/c/b'],
		[local, 'https://store.example.org/c/b'],
	])('may come from a listed host', (endpoints, url) => {
		expect(isAllowedDownloadHost(new URL(url), endpoints)).toBe(true);
	});

	it.each([
		[global, 'http://automatedirstrprdeus.blob.core.windows.net/c/b', 'is not encrypted'],
		[global, 'https://blob.core.windows.net/c/b', 'is the suffix itself'],
		[global, 'https://evilblob.core.windows.net/c/b', 'only ends alike'],
		[global, 'https://a.blob.core.windows.net.example.org/c/b', 'continues after the suffix'],
		[global, 'https://a.blob.core.windows.net./c/b', 'ends in a dot'],
		[global, 'https://a.blob.core.windows.net:8443/c/b', 'has a port of its own'],
		[global, 'https://user:pass@a.blob.core.windows.net/c/b', 'carries a login'],
		[global, 'https://169.254.169.254/metadata', 'is not listed'],
		[global, 'http://127.0.0.1:10000/c/b', 'is this machine but not listed'],
		[local, 'http://127.0.0.1:10001/c/b', 'has another port'],
		[local, 'http://127.0.0.1/c/b', 'lacks the port'],
		[local, 'http://store.example.org/c/b', 'is listed but not encrypted'],
		[local, 'ftp://127.0.0.1:10000/c/b', 'is no web address'],
	])('may not come from a host that does not fit: %#', (endpoints, url, _why) => {
		expect(isAllowedDownloadHost(new URL(url), endpoints)).toBe(false);
	});
});

describe('an investigation package', () => {
	const global = endpointsOf({ cloud: 'global' });
	const local = endpointsOf({ ...custom, downloadHosts: 'packages.example.org, .store.example' });
	const host = 'userrequests-eu2.securitycenter.windows.com';

	it.each([
		[global, `https://${host}/package.zip?sig=x`],
		[global, `https://${host}:443/package.zip`],
		[global, `https://${host.toUpperCase()}/package.zip`],
		[global, 'https://userrequests.securitycenter.windows.com/package.zip'],
		[global, 'https://userrequests-us-west3.securitycenter.windows.com/package.zip'],
		[endpointsOf({ cloud: 'global', region: 'eu' }), `https://${host}/package.zip`],
		[local, 'https://packages.example.org/package.zip'],
		[local, 'https://gov.store.example/package.zip'],
	])('may come from the host of its cloud: %#', (endpoints, url) => {
		expect(isAllowedPackageHost(new URL(url), endpoints)).toBe(true);
	});

	it.each([
		['is not encrypted', `http://${host}/`],
		['has a port of its own', `https://${host}:8443/`],
		['carries a login', `https://user:pass@${host}/`],
		['carries a name that looks like the host', `https://${host}@evil.example/`],
		['is the parent', 'https://securitycenter.windows.com/'],
		['is a sibling', 'https://api.securitycenter.windows.com/'],
		['has a label before it', `https://evil.${host}/`],
		['has a label in between', 'https://userrequests.evil.securitycenter.windows.com/'],
		['only begins alike', 'https://userrequestsevil.securitycenter.windows.com/'],
		['only ends alike', 'https://userrequests-eu.evilsecuritycenter.windows.com/'],
		['continues behind it', `https://${host}.evil.example/`],
		['ends in a dot', `https://${host}./`],
		['has another letter', 'https://userrequests-eu.securitycenter.w\u0456ndows.com/'],
		['is another top level', 'https://userrequests-eu.securitycenter.windows.co/'],
		['is a result store', 'https://automatedirstrprdeus.blob.core.windows.net/package.zip'],
		['is an address in the network', 'https://169.254.169.254/package.zip'],
		['is this machine', 'https://127.0.0.1/package.zip'],
		['is no web address', `ftp://${host}/`],
	])('may not come from a host that %s', (_why, url) => {
		expect(isAllowedPackageHost(new URL(url), global)).toBe(false);
	});

	it.each(['gcc', 'gccHigh', 'dod'])('of %s comes from no host that is known', (cloud) => {
		for (const url of [
			`https://${host}/package.zip`,
			'https://userrequests-usgv.securitycenter.microsoft.us/package.zip',
			'https://a.blob.core.usgovcloudapi.net/package.zip',
		]) {
			expect(isAllowedPackageHost(new URL(url), endpointsOf({ cloud }))).toBe(false);
		}
	});

	it.each([
		`https://${host}/package.zip`,
		'http://packages.example.org/package.zip',
		'https://packages.example.org.evil.example/package.zip',
		'https://store.example/package.zip',
	])('of a custom cloud comes from none that is not listed: %s', (url) => {
		expect(isAllowedPackageHost(new URL(url), local)).toBe(false);
	});
});
