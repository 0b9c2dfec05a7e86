/**
 * Machine actions, the newest first, without relying on the API for it: `$orderby` is not documented
 * for them, nor is any order without it.
 */
import { NodeApiError } from 'n8n-workflow';

import { createdAt, type MachineAction } from '../domain/machineAction';
import { machineActionsOf } from '../domain/sentAction';
import type { ApiCall } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { getUpTo, LARGEST_TOP } from '../transport/pagination';
import { apiPath } from '../transport/paths';

export interface ActionQuery {
	$filter?: string;
	/** How many are left out, and how many are wanted behind them; Infinity for all. */
	skip?: number;
	limit: number;
}

const listCall = {
	method: 'GET',
	path: apiPath`/machineactions`,
	permissions: ['Machine.ReadWrite.All'],
	subject: 'The list of machine actions',
	repeat: 'harmless',
	lane: 'call',
} satisfies ApiCall;

/** URLs of APIs that refused `$orderby`, for the life of the process. */
const unordered = new Set<string>();

/**
 * As long as the API takes `$orderby`, it is asked for as many as are wanted. Where it refuses it,
 * which is tried once, all that fit the filter are read and sorted here: a call for 10,000 of them,
 * even when only the newest one is wanted.
 *
 * With an order, what leaves the list while its pages are read (because it ends, and the filter is
 * about the unfinished) stands behind what was created since. Without, it can push an entry over the
 * edge of a page, so that one is missing; that takes a list longer than a page.
 */
export async function newestMachineActions(
	connection: Connection,
	query: ActionQuery,
): Promise<MachineAction[]> {
	const { apiUrl } = connection.endpoints;
	if (unordered.has(apiUrl)) return await readAndSort(connection, query);
	const ordered = await readOrdered(connection, query).catch(nullWhenNotAccepted);
	if (ordered) return newestFirst(ordered);
	const actions = await readAndSort(connection, query);
	// Only now it is known that the order was what the API did not like.
	unordered.add(apiUrl);
	return actions;
}

/** The code of such a refusal may be empty, and its words are anybody's. */
function nullWhenNotAccepted(error: unknown): null {
	if (error instanceof NodeApiError && error.httpCode === '400') return null;
	throw error;
}

/** All that fit the filter, newest first; one call up to 10,000 of them. */
export async function allMachineActions(
	connection: Connection,
	$filter: string | undefined,
): Promise<MachineAction[]> {
	const query = { ...conditions($filter), $top: String(LARGEST_TOP) };
	const sent = await getUpTo<unknown>(connection, { ...listCall, query }, Infinity);
	return newestFirst(machineActionsOf(sent));
}

/** As the API is asked for it. */
export const NEWEST_FIRST = 'creationDateTimeUtc desc';

async function readOrdered(connection: Connection, { $filter, skip = 0, limit }: ActionQuery) {
	const query = {
		...conditions($filter),
		$orderby: NEWEST_FIRST,
		...(limit <= LARGEST_TOP ? { $top: String(limit) } : {}),
		...(skip > 0 ? { $skip: String(skip) } : {}),
	};
	return machineActionsOf(await getUpTo<unknown>(connection, { ...listCall, query }, limit));
}

async function readAndSort(connection: Connection, { $filter, skip = 0, limit }: ActionQuery) {
	return (await allMachineActions(connection, $filter)).slice(skip, skip + limit);
}

const conditions = ($filter: string | undefined): Record<string, string> =>
	$filter ? { $filter } : {};

/** What has no time counts as the oldest. */
export function newestFirst(actions: readonly MachineAction[]): MachineAction[] {
	return [...actions].sort((a, b) => (createdAt(b) ?? 0) - (createdAt(a) ?? 0));
}
