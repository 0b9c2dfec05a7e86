/** Lists of machine actions. */
import { LONGEST_LIFE_MS } from '../domain/actionTimes';
import { isFinished, type MachineAction } from '../domain/machineAction';
import type { Connection } from '../transport/connection';
import {
	inParts,
	MOST_COMPARISONS,
	odataAll,
	odataAny,
	odataOneOf,
	odataString,
} from '../transport/odata';
import { allMachineActions, newestFirst, newestMachineActions } from './newestFirst';

/** What is undefined or empty does not matter. Times are ISO 8601 in UTC. */
export interface MachineActionFilter {
	createdAfter?: string;
	createdBefore?: string;
	machineId?: string;
	requestor?: string;
	status?: readonly string[];
	type?: readonly string[];
}

/** What is left of a filter beside every status, device, requestor and both times. */
const MOST_TYPES = 10;

/**
 * Machine actions, newest first, over as many pages as it takes. A filter of more than ten types
 * takes a list for each ten of them.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection
 */
export async function listMachineActions(
	connection: Connection,
	filter: MachineActionFilter,
	limit: number,
): Promise<MachineAction[]> {
	const found: MachineAction[] = [];
	for (const types of inParts(filter.type ?? [], MOST_TYPES)) {
		const $filter = odataAll([
			odataOneOf('type', types),
			odataOneOf('status', filter.status ?? []),
			filter.machineId ? `machineId eq ${odataString(filter.machineId)}` : null,
			filter.requestor ? `requestor eq ${odataString(filter.requestor)}` : null,
			filter.createdAfter ? `creationDateTimeUtc ge ${filter.createdAfter}` : null,
			filter.createdBefore ? `creationDateTimeUtc le ${filter.createdBefore}` : null,
		]);
		found.push(...(await newestMachineActions(connection, { $filter, limit })));
	}
	return newestFirst(found).slice(0, limit);
}

/**
 * Live responses created since `since` (milliseconds; null for all), and the unfinished ones of any
 * age, newest first.
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
	return await newestMachineActions(connection, { $filter, limit: Infinity });
}

/** The condition that leaves out machine actions of other types. */
export const LIVE_RESPONSE = "type eq 'LiveResponse'";
const createdSince = (time: number) => `creationDateTimeUtc ge ${new Date(time).toISOString()}`;

/** The type is one more comparison. */
export const MOST_IDS = MOST_COMPARISONS - 1;

/** The machine actions of these ids, as far as there are any; one call for 19 of them. */
export async function findMachineActions(
	connection: Connection,
	ids: readonly string[],
	type: string | null = null,
): Promise<MachineAction[]> {
	const found: MachineAction[] = [];
	if (ids.length === 0) return found;
	for (const some of inParts(ids, MOST_IDS)) {
		const $filter = odataAll([type, odataAny(some.map((id) => `id eq ${id}`))]);
		found.push(...(await allMachineActions(connection, $filter)));
	}
	return found;
}

/** Those of them that are live responses. */
export const findLiveResponses = async (connection: Connection, ids: readonly string[]) =>
	await findMachineActions(connection, ids, LIVE_RESPONSE);

/** Actions of these types created since then, newest first; one call up to 10,000 of them. */
export async function listCreatedSince(
	connection: Connection,
	filter: { types: readonly string[]; machineId?: string; since: number },
): Promise<MachineAction[]> {
	const $filter = odataAll([
		// More types than a filter holds are told apart by who asks.
		filter.types.length > MOST_TYPES ? null : odataOneOf('type', filter.types),
		createdSince(filter.since),
		filter.machineId ? `machineId eq ${odataString(filter.machineId)}` : null,
	]);
	return await allMachineActions(connection, $filter);
}

/** What a device was asked for lately, of one type, newest first. Portal sessions are not listed. */
export async function listOnDevice(
	connection: Connection,
	type: string,
	machineId: string,
): Promise<MachineAction[]> {
	const since = connection.clock.wallTime() - LONGEST_LIFE_MS;
	return await listCreatedSince(connection, { types: [type], machineId, since });
}

/** The unfinished ones of them. */
export const listRunning = async (...asked: Parameters<typeof listOnDevice>) =>
	(await listOnDevice(...asked)).filter((action) => !isFinished(action));
