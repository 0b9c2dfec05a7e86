import { regionalApiUrl } from '../../../nodes/DefenderLiveResponse/transport/clouds';
import { getUpTo } from '../../../nodes/DefenderLiveResponse/transport/pagination';
import { apiPath } from '../../../nodes/DefenderLiveResponse/transport/paths';
import { connectionTo } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const call = {
	method: 'GET',
	path: apiPath`/machines`,
	permissions: ['Machine.Read.All'],
	subject: 'The list of devices',
	repeat: 'harmless',
	lane: 'call',
} as const;

const global = 'https://api.security.microsoft.com/api';
const olderName = 'https://api-eu3.securitycenter.microsoft.com';

/** A list of two pages, the first of which names the second by `nextLink`; with the calls it took. */
async function list(apiUrl: string, nextLink: string) {
	const calls: Array<{ url: string; qs: unknown }> = [];
	const connection = connectionTo(
		({ url, qs }) => {
			calls.push({ url, qs });
			const first = { value: ['a', 'b'], '@odata.nextLink': nextLink };
			return { status: 200, body: calls.length === 1 ? first : { value: ['c'] } };
		},
		{ clock: new VirtualClock(), apiUrl },
	);
	return { calls, entities: await getUpTo<string>(connection, call, Infinity) };
}

describe('the next page of a list', () => {
	it.each([
		['of the same host', global, `${global}/machines`],
		["of the tenant's regional host", global, `${regionalApiUrl('eu')}/machines`],
		['of a regional host of the older name', global, `${olderName}/api/machines`],
		['of the global host, asked a regional one', regionalApiUrl('uk'), `${global}/machines`],
		['with the version of the API in its path', global, `${olderName}/api/v1.0/machines`],
	])('%s is asked for where the first was', async (_case, apiUrl, nextLink) => {
		const { entities, calls } = await list(apiUrl, `${nextLink}?$skip=2`);
		expect(entities).toEqual(['a', 'b', 'c']);
		expect(calls).toEqual([
			{ url: `${apiUrl}/machines`, qs: {} },
			{ url: `${apiUrl}/machines`, qs: { $skip: '2' } },
		]);
	});

	it.each([
		[
			'a host that only looks like one of Defender',
			'https://api.security.microsoft.com.evil.example',
		],
		['a host that only ends like one of Defender', 'https://evilsecurity.microsoft.com'],
		['a regional host without encryption', 'http://eu.api.security.microsoft.com'],
	])('at %s is not followed', async (_case, origin) => {
		await expect(list(global, `${origin}/api/machines?$skip=2`)).rejects.toThrow(
			'The Defender API pointed to a next page that is not its own',
		);
	});
});
