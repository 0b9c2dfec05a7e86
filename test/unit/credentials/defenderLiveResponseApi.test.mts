import { createHash } from 'node:crypto';

import type { IHttpRequestOptions } from 'n8n-workflow';

import { DefenderLiveResponseApi } from '../../../credentials/DefenderLiveResponseApi.credentials';
import { resolveEndpoints } from '../../../nodes/DefenderLiveResponse/transport/clouds';
import { settingsText } from '../../../nodes/DefenderLiveResponse/transport/credentialData';
import { customCloud, savedFields } from '../../support/credentialForm.mts';
import { expression, someNode } from '../../support/expressions.mts';

const credential = new DefenderLiveResponseApi();

function regionalOrGlobal(fields: object): string {
	const outcome = resolveEndpoints(fields);
	if (outcome.kind === 'invalid') throw new Error(outcome.message);
	return outcome.endpoints.apiUrl;
}

describe('the token', () => {
	const send = async (request: IHttpRequestOptions, fields: object = { cloud: 'global' }) => {
		const digest = createHash('sha256')
			.update(settingsText({ ...fields }))
			.digest('base64url');
		return await credential.authenticate(
			{ ...fields, accessToken: `${digest} the-token` },
			request,
		);
	};

	it('is the only thing added to a request for the Defender API', async () => {
		const request: IHttpRequestOptions = {
			method: 'GET',
			url: 'https://api.security.microsoft.com/api/machines',
			headers: { Accept: 'application/json' },
			qs: { $top: 1 },
		};
		const before = structuredClone(request);
		expect(await send(request)).toEqual({
			...before,
			headers: { Accept: 'application/json', Authorization: 'Bearer the-token' },
			sendCredentialsOnCrossOriginRedirect: false,
		});
		expect(request).toEqual(before);
	});

	it.each([
		[{ url: '/machines', baseURL: 'https://api.security.microsoft.com/api' }, { cloud: 'global' }],
		[{ url: 'https://eu.api.security.microsoft.com/api/x' }, { cloud: 'global', region: 'eu' }],
		[{ url: 'https://API.security.microsoft.com:443/api/x' }, { cloud: 'global' }],
		[{ url: 'http://127.0.0.1:4010/api/x' }, customCloud],
	])('travels to the API of the credential: %j', async (request, fields) => {
		expect((await send(request, fields)).headers).toEqual({ Authorization: 'Bearer the-token' });
	});

	it.each([
		{ url: 'https://automatedirstrprdeus.blob.core.windows.net/c/b?sig=x' },
		{ url: 'https://api.security.microsoft.com.example.org/api' },
		{ url: 'https://api.security.microsoft.com@example.org/api' },
		{ url: 'http://api.security.microsoft.com/api' },
		{ url: 'https://api.security.microsoft.com:8443/api' },
		{ url: 'https://eu.api.security.microsoft.com/api' },
		{ url: 'https://example.org/x', baseURL: 'https://api.security.microsoft.com/api' },
		{ url: '//example.org/x', baseURL: 'https://api.security.microsoft.com/api' },
		{ url: 'https:example.org/x' },
		{ url: '/machines' },
		{ url: '' },
	])('does not travel anywhere else: %j', async (request) => {
		expect(await send(request)).toEqual(request);
	});

	it.each([
		['of another tenant', { cloud: 'global', tenantId: 'other' }],
		['of another app', { cloud: 'global', clientId: 'other' }],
		['of another secret', { cloud: 'global', clientSecret: 'other' }],
		['of another region', { cloud: 'global', region: 'eu' }],
	])('%s is not sent, and n8n is told to ask for one', async (_case, settings) => {
		const token = { cloud: 'global', tenantId: 'a', clientId: 'a', clientSecret: 'a' };
		const digest = createHash('sha256').update(settingsText(token)).digest('base64url');
		const fields = { ...token, ...settings, accessToken: `${digest} the-token` };
		const url = `${regionalOrGlobal(fields)}/machines`;
		await expect(credential.authenticate(fields, { url })).rejects.toMatchObject({
			response: { status: 401 },
		});
	});

	it('does not travel when the cloud is not set up', async () => {
		const request = { url: 'https://api.security.microsoft.com/api' };
		expect(await send(request, { cloud: 'custom' })).toEqual(request);
	});
});

describe('the connection test', () => {
	it.each([
		{ cloud: 'global', region: 'auto' },
		...['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'].map((region) => ({ cloud: 'global', region })),
		{ cloud: 'gcc', region: 'eu' },
		{ cloud: 'gccHigh', region: 'auto' },
		{ cloud: 'dod', region: 'us' },
		customCloud,
		{ ...customCloud, apiUrl: ' http://127.0.0.1:4010/ ' },
		{ ...customCloud, apiUrl: 'https://defender.example.org' },
	])('asks the API the node will ask: %j', (fields) => {
		const outcome = resolveEndpoints(fields);
		if (outcome.kind === 'invalid') throw new Error(outcome.message);
		expect(
			expression.getSimpleParameterValue(
				someNode,
				credential.test.request.baseURL ?? '',
				'internal',
				{
					$credentials: fields,
				},
			),
		).toBe(outcome.endpoints.apiUrl);
	});

	it('costs one call of one machine action', () => {
		expect(credential.test.request).toMatchObject({ method: 'GET', url: '/machineactions?$top=1' });
	});

	it('tells a missing permission from a token that is not taken', () => {
		const messages = new Map(
			credential.test.rules?.map(({ properties }) => [
				'value' in properties ? properties.value : undefined,
				properties.message,
			]),
		);
		expect(messages.get(403)).toContain('lacks the permission Machine.ReadWrite.All');
		expect(messages.get(401)).toContain('does not accept the token');
	});
});

describe('the form', () => {
	const field = (name: string) => credential.properties.find((property) => property.name === name);

	it('keeps the names that saved credentials rely on', () => {
		expect(savedFields(credential)).toEqual([
			'accessToken: hidden',
			'apiUrl: string',
			'authentication: options',
			'azureStorage: boolean',
			'callsPerHour: number',
			'callsPerMinute: number',
			'certificate: string',
			'clientId: string',
			'clientSecret: string',
			'cloud: options',
			'downloadHosts: string',
			'loginUrl: string',
			'privateKey: string',
			'region: options',
			'resource: string',
			'tenantId: string',
		]);
	});

	it('offers the clouds and regions that have endpoints', () => {
		for (const name of ['cloud', 'region']) {
			for (const option of field(name)?.options ?? []) {
				if (!('value' in option)) throw new Error('expected plain options');
				const settings = { ...customCloud, cloud: 'global', [name]: option.value };
				expect(resolveEndpoints(settings)).toMatchObject({ kind: 'endpoints' });
			}
		}
	});

	it.each(['clientSecret', 'privateKey', 'certificate', 'accessToken'])('hides %s', (name) => {
		expect(field(name)?.typeOptions?.password).toBe(true);
	});

	it('starts with the limits of the API', () => {
		expect(field('callsPerMinute')?.default).toBe(100);
		expect(field('callsPerHour')?.default).toBe(1500);
	});

	it('belongs to the nodes of this package alone', () => {
		expect(credential.restrictToSupportedNodes).toBe(true);
	});
});

it('the form begins with what is copied from Entra, under the names it has there', () => {
	const labels = credential.properties
		.filter(({ type }) => type !== 'hidden')
		.map(({ displayName, type }) => (type === 'notice' ? 'notice' : displayName));
	expect(labels).toEqual([
		'notice',
		'Directory (Tenant) ID',
		'Application (Client) ID',
		...['Authentication', 'Client Secret', 'Private Key', 'Certificate'],
		...['Cloud', 'Region'],
		...['Login URL', 'API URL', 'Token Resource', 'Download Hosts', 'Azure Storage'],
		...['Calls per Minute', 'Calls per Hour'],
	]);
	const [{ displayName: notice }] = credential.properties;
	for (const copied of ['Directory (tenant) ID', 'Application (client) ID', 'Value']) {
		expect(notice).toContain(`<b>${copied}</b>`);
	}
});
