/** Lists of machine actions. */
import { isFinished, type MachineAction } from '../domain/machineAction';
import type { ApiCall } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { odataAll, odataAny, odataOneOf, odataString } from '../transport/odata';
import { getUpTo } from '../transport/pagination';
import { apiPath } from '../transport/paths';

/** What is undefined or empty does not matter. Times are ISO 8601 in UTC. */
export interface MachineActionFilter {
	createdAfter?: string;
	createdBefore?: string;
	machineId?: string;
	requestor?: string;
	status?: readonly string[];
	type?: readonly string[];
}

const listCall = {
	method: 'GET',
	path: apiPath`/machineactions`,
	permissions: ['Machine.ReadWrite.All'],
	subject: 'The list of machine actions',
	repeat: 'harmless',
	lane: 'call',
} satisfies ApiCall;

/** The API refuses a larger `$top`. */
const LARGEST_TOP = 10_000;

/**
 * Machine actions, newest first, over as many pages as it takes.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection
 */
export async function listMachineActions(
	connection: Connection,
	filter: MachineActionFilter,
	limit: number,
): Promise<MachineAction[]> {
	const $filter = odataAll([
		odataOneOf('type', filter.type ?? []),
		odataOneOf('status', filter.status ?? []),
		filter.machineId ? `machineId eq ${odataString(filter.machineId)}` : null,
		filter.requestor ? `requestor eq ${odataString(filter.requestor)}` : null,
		filter.createdAfter ? `creationDateTimeUtc ge ${filter.createdAfter}` : null,
		filter.createdBefore ? `creationDateTimeUtc le ${filter.createdBefore}` : null,
	]);
	return await queryMachineActions(connection, { $filter, limit });
}

/**
 * Live responses created since `since` (milliseconds; null for all), and the unfinished ones of any
 * age. Newest first matters: what leaves the list while its pages are read, because it ends, stands
 * behind everything that was created since then, so that none of that can slip through.
 */
export async function listRecentAndUnfinished(
	connection: Connection,
	query: { since: number | null; machineId: string | null },
): Promise<MachineAction[]> {
	const recent = query.since === null ? null : createdSince(query.since);
	const $filter = odataAll([
		LIVE_RESPONSE,
		query.machineId === null ? null : `machineId eq ${odataString(query.machineId)}`,
		recent && odataAny([recent, "status eq 'Pending'", "status eq 'InProgress'"]),
	]);
	return await queryMachineActions(connection, { $filter, limit: Infinity });
}

const LIVE_RESPONSE = "type eq 'LiveResponse'";
const createdSince = (time: number) => `creationDateTimeUtc ge ${new Date(time).toISOString()}`;

/** With more of them a query gets longer than web servers commonly take. */
const MOST_IDS_IN_A_QUERY = 30;

/** The live responses of these ids, as far as there are any; one call for 30 of them. */
export async function findLiveResponses(
	connection: Connection,
	ids: readonly string[],
): Promise<MachineAction[]> {
	const found: MachineAction[] = [];
	for (let at = 0; at < ids.length; at += MOST_IDS_IN_A_QUERY) {
		const some = ids.slice(at, at + MOST_IDS_IN_A_QUERY);
		const $filter = odataAll([LIVE_RESPONSE, odataAny(some.map((id) => `id eq ${id}`))]);
		found.push(...(await queryMachineActions(connection, { $filter, limit: some.length })));
	}
	return found;
}

/** The same by a condition of one's own. */
export async function queryMachineActions(
	connection: Connection,
	query: { $filter?: string; skip?: number; limit: number },
): Promise<MachineAction[]> {
	const call: ApiCall = {
		...listCall,
		query: {
			...(query.$filter ? { $filter: query.$filter } : {}),
			$orderby: 'creationDateTimeUtc desc',
			...(query.limit <= LARGEST_TOP ? { $top: String(query.limit) } : {}),
			...(query.skip ? { $skip: String(query.skip) } : {}),
		},
	};
	return await getUpTo<MachineAction>(connection, call, query.limit);
}

/** Actions of these types created since then, newest first; one call up to 10,000 of them. */
export async function listCreatedSince(
	connection: Connection,
	filter: { types: readonly string[]; machineId?: string; since: number },
): Promise<MachineAction[]> {
	const call: ApiCall = {
		...listCall,
		query: {
			$filter:
				odataAll([
					odataOneOf('type', filter.types),
					createdSince(filter.since),
					filter.machineId ? `machineId eq ${odataString(filter.machineId)}` : null,
				]) ?? '',
			$top: String(LARGEST_TOP),
		},
	};
	const actions = await getUpTo<MachineAction>(connection, call, LARGEST_TOP);
	return actions.sort((a, b) => compareTimes(b.creationDateTimeUtc, a.creationDateTimeUtc));
}

const compareTimes = (a: string, b: string) => Date.parse(a) - Date.parse(b);

const LONGEST_LIFE_MS = 4 * 24 * 3_600_000;

/** The unfinished actions of one type on a device, newest first. Portal sessions are not listed. */
export async function listRunning(
	connection: Connection,
	type: string,
	machineId: string,
): Promise<MachineAction[]> {
	const since = connection.clock.now() - LONGEST_LIFE_MS;
	const actions = await listCreatedSince(connection, { types: [type], machineId, since });
	return actions.filter((action) => !isFinished(action));
}
