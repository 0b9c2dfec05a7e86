import { regionalApiUrl } from '../../../nodes/DefenderLiveResponse/transport/clouds';
import { getUpTo } from '../../../nodes/DefenderLiveResponse/transport/pagination';
import { apiPath, type ApiPath } from '../../../nodes/DefenderLiveResponse/transport/paths';
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
			{ url: `${apiUrl}/machines`, qs: { $top: '10000', $skip: '2' } },
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
			'The Defender API named a next page that is not one of its own',
		);
	});
});

interface Entity {
	id: string;
}

/** What reading everything gives, and the queries it took; `answer` gives the page of a query. */
async function readAll(
	answer: (query: Record<string, string>) => { value: unknown[]; '@odata.nextLink'?: string },
	{ path = call.path, query = {}, limit = Infinity }: ReadOptions = {},
) {
	const queries: Array<Record<string, string>> = [];
	const connection = connectionTo(
		({ qs }) => {
			queries.push(qs as Record<string, string>);
			if (queries.length > 100) throw new Error('There is no end to it');
			return { status: 200, body: answer(queries.at(-1)!) };
		},
		{ clock: new VirtualClock() },
	);
	const read = getUpTo<Entity>(connection, { ...call, path, query }, limit);
	return { queries, read };
}

interface ReadOptions {
	path?: ApiPath;
	query?: Record<string, string>;
	limit?: number;
}

const entities = (from: number, to: number) =>
	Array.from({ length: Math.max(0, to - from) }, (_, at) => ({ id: String(from + at) }));

const idsOf = (found: Entity[]) => found.map(({ id }) => Number(id));
const all = (count: number) => Array.from({ length: count }, (_, at) => at);

/** A collection whose pages are small, and whose next links lose the filter. */
const smallPages = (count: number, size: number) => (query: Record<string, string>) => {
	const skip = Number(query.$skip ?? 0);
	const end = Math.min(count, skip + Math.min(size, Number(query.$top ?? Infinity)));
	return {
		value: entities(skip, end),
		...(end < count ? { '@odata.nextLink': `${global}/machines?$skip=${end}` } : {}),
	};
};

describe('further pages of devices and machine actions', () => {
	it('are asked for by count, with the conditions that a next link may have lost', async () => {
		const $filter = "riskScore eq 'High'";
		const { queries, read } = await readAll(smallPages(5, 2), { query: { $filter } });
		expect(idsOf(await read)).toEqual(all(5));
		expect(queries).toEqual([
			{ $filter },
			{ $filter, $top: '10000', $skip: '2' },
			{ $filter, $top: '10000', $skip: '4' },
		]);
	});

	it('go on behind those that were skipped, up to the limit', async () => {
		const query = { $top: '5', $skip: '10' };
		const { queries, read } = await readAll(smallPages(50, 3), { query, limit: 5 });
		expect(idsOf(await read)).toEqual([10, 11, 12, 13, 14]);
		expect(queries).toEqual([query, { $top: '2', $skip: '13' }]);
	});

	it('are asked for after a full one that names no next', async () => {
		const page = ({ $skip = '0', $top = '0' }) => ({
			value: entities(Number($skip), Math.min(10_003, Number($skip) + Number($top))),
		});
		const { queries, read } = await readAll(page, { query: { $top: '10000' } });
		expect(await read).toHaveLength(10_003);
		expect(queries.map(({ $skip }) => $skip)).toEqual([undefined, '10000']);
	});

	it('give each entity once when the list has moved on between them', async () => {
		const page = ({ $skip = '0' }) =>
			$skip === '0'
				? { value: entities(0, 3), '@odata.nextLink': `${global}/machines?$skip=3` }
				: { value: entities(2, 5) };
		const { read } = await readAll(page);
		expect(idsOf(await read)).toEqual(all(5));
	});

	it('that never bring anything new end in words', async () => {
		const page = () => ({
			value: entities(0, 2),
			'@odata.nextLink': `${global}/machines?$skip=2`,
		});
		const { queries, read } = await readAll(page);
		await expect(read).rejects.toThrow(
			'The Defender API returned a list that leads back to itself',
		);
		expect(queries).toHaveLength(2);
	});
});

describe('pages of a list that knows no counting', () => {
	const path = apiPath`/libraryfiles`;
	/** Page 0 leads to 1, and so on; the last one leads back to `back`. */
	const circle = (length: number, back: number) => (query: Record<string, string>) => {
		const at = Number(query.page ?? 0);
		const next = at + 1 < length ? at + 1 : back;
		return {
			value: [{ id: String(at) }],
			'@odata.nextLink': `${global}/libraryfiles?page=${next}`,
		};
	};

	it('are followed by their links', async () => {
		const page = ({ $skiptoken }: Record<string, string>) =>
			$skiptoken === undefined
				? { value: entities(0, 2), '@odata.nextLink': `${global}/libraryfiles?$skiptoken=x` }
				: { value: entities(2, 3) };
		const { queries, read } = await readAll(page, { path });
		expect(idsOf(await read)).toEqual(all(3));
		expect(queries).toEqual([{}, { $skiptoken: 'x' }]);
	});

	it.each([
		[1, 0],
		[2, 0],
		[7, 0],
		[7, 3],
	])('that go round in a circle (%i pages, back to page %i) end in words', async (length, back) => {
		const { queries, read } = await readAll(circle(length, back), { path });
		await expect(read).rejects.toThrow(
			'The Defender API returned a list that leads back to itself',
		);
		expect(queries).toHaveLength(length + 1);
	});
});
