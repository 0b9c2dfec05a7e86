import { isRecord } from '../domain/record';
import { apiError } from '../inputs/nodeErrors';
import type { ApiCall } from './apiCall';
import type { Connection } from './connection';
import { bodyOf } from './errors';
import { apiPath, type ApiPath } from './paths';
import { callApi } from './request';

interface Page<Entity> {
	entities: Entity[];
	/** The query of the next page; null on the last one. */
	next: Record<string, string> | null;
}

/** One page of a collection. */
async function getPage<Entity>(connection: Connection, call: ApiCall): Promise<Page<Entity>> {
	const body = bodyOf(connection, call, await callApi<unknown>(connection, call));
	if (!isRecord(body) || !Array.isArray(body.value)) {
		throw apiError(connection.functions.getNode(), null, 'apiError', {
			message: 'The Defender API answered with something that is not a list',
			description: 'A proxy may have answered in its place; if there is none, try again later.',
		});
	}
	return {
		entities: body.value as Entity[],
		next: nextQuery(connection, call.path, body['@odata.nextLink']),
	};
}

/** Collections whose pages document `$top` and `$skip`. The others have nothing but next links. */
const COUNTED: readonly string[] = [apiPath`/machineactions`, apiPath`/machines`];

/** The API refuses a larger `$top`. */
export const LARGEST_TOP = 10_000;

/**
 * Pages until `limit` entities are there, or until the last page; each entity once, although the
 * pages of a list that changes meanwhile may overlap.
 *
 * The first page is asked for as `call` says. Where the collection can be counted, the others are
 * asked for with `$skip`: a next link only says that there are more, because some were seen without
 * their conditions. A list that brings nothing new ends in an error, whatever its links look like.
 */
export async function getUpTo<Entity>(
	connection: Connection,
	call: ApiCall,
	limit: number,
): Promise<Entity[]> {
	const found = new Map<string, Entity>();
	let received = 0;
	let query: Record<string, string> | null = call.query ?? {};
	while (query !== null && found.size < limit) {
		const known = found.size;
		const page: Page<Entity> = await getPage<Entity>(connection, { ...call, query });
		for (const entity of page.entities) found.set(identityOf(entity), entity);
		received += page.entities.length;
		const isFull = page.entities.length > 0 && page.entities.length >= Number(query.$top);
		if (page.next === null && !isFull) break;
		if (found.size === known) throw endlessError(connection);
		query = COUNTED.includes(call.path) ? queryFrom(call, received, limit - found.size) : page.next;
	}
	return [...found.values()].slice(0, limit);
}

/** What goes on behind so many entities. */
function queryFrom(call: ApiCall, received: number, wanted: number): Record<string, string> {
	return {
		...call.query,
		$top: String(Math.min(wanted, LARGEST_TOP)),
		$skip: String(Number(call.query?.$skip ?? 0) + received),
	};
}

function identityOf(entity: unknown): string {
	return isRecord(entity) && typeof entity.id === 'string' ? entity.id : JSON.stringify(entity);
}

function endlessError(connection: Connection) {
	return apiError(connection.functions.getNode(), null, 'apiError', {
		message: 'The Defender API returned a list that leads back to itself',
		description: 'The list was not read any further. Try again later.',
	});
}

/**
 * The query of a next link. The link itself is not called: it is held to the API's own origin and
 * the path that was asked for, so that the token cannot be led anywhere else.
 */
function nextQuery(
	connection: Connection,
	path: ApiPath,
	link: unknown,
): Record<string, string> | null {
	if (typeof link !== 'string' || link === '') return null;
	const api = new URL(`${connection.endpoints.apiUrl}${path}`);
	const next = URL.canParse(link) ? new URL(link) : null;
	const samePath =
		next?.pathname.replace('/api/v1.0/', '/api/').toLowerCase() === api.pathname.toLowerCase();
	const isOwn = next !== null && isApiHost(next, api) && samePath;
	if (isOwn && next.username === '' && next.password === '') {
		return Object.fromEntries(next.searchParams);
	}
	throw apiError(connection.functions.getNode(), null, 'hostNotAllowed', {
		message: 'The Defender API named a next page that is not one of its own',
		description: 'The page was not read, to keep the access token safe.',
	});
}

/** The global host answers with links to the tenant's regional host; both are called by our name. */
function isApiHost(next: URL, api: URL): boolean {
	if (next.origin === api.origin) return true;
	const defender = /^https:\/\/[a-z0-9.-]+\.(?:security|securitycenter)\.microsoft\.(?:com|us)$/;
	return defender.test(next.origin) && defender.test(api.origin);
}
