/** Live responses that were unfinished at the last poll and are in no list of this one. */
import { findLiveResponses, listCreatedSince, MOST_IDS } from '../api/machineActionLists';
import type { MachineAction } from '../domain/machineAction';
import type { Connection } from '../transport/connection';

/** Five calls; more of them are cheaper to list, at one call for 10,000. */
const MOST_BY_ID = 5 * MOST_IDS;

interface Wanted {
	id: string;
	/** Milliseconds since 1970; 0 when it has no time. */
	createdAt: number;
}

/** Those that were found, and the ids that were asked for and did not come. */
export async function lookUp(
	connection: Connection,
	wanted: readonly Wanted[],
): Promise<{ found: MachineAction[]; missing: string[] }> {
	const listed = wanted.length > MOST_BY_ID ? await listThem(connection, wanted) : [];
	const isListed = new Set(listed.map(({ id }) => id));
	const asked = wanted
		.map(({ id }) => id)
		.filter((id) => !isListed.has(id))
		.slice(0, MOST_BY_ID);
	const found = await findLiveResponses(connection, asked);
	const isFound = new Set(found.map(({ id }) => id));
	return { found: [...listed, ...found], missing: asked.filter((id) => !isFound.has(id)) };
}

async function listThem(connection: Connection, wanted: readonly Wanted[]) {
	const times = wanted.map(({ createdAt }) => createdAt).filter((time) => time > 0);
	if (times.length === 0) return [];
	const since = times.reduce((oldest, time) => Math.min(oldest, time));
	const ids = new Set(wanted.map(({ id }) => id));
	const listed = await listCreatedSince(connection, { types: ['LiveResponse'], since });
	return listed.filter(({ id }) => ids.has(id));
}
