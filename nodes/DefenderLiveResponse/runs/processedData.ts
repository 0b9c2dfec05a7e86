/** n8n's store of processed data, which all its processes share: ids that a node has recorded. */
import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions } from 'n8n-workflow';

import { perRun } from '../inputs/perRun';
import type { Connection } from '../transport/connection';

/** About 27 bytes each, in the one row that n8n keeps for a node. */
const MOST_ENTRIES = 5000;
/** By a node run: n8n holds each against the whole row, and does nothing else meanwhile. */
const MOST_WITHDRAWN = 100;

/** An id may name a span of time. Looked for in this one and the one before, it is found for longer than lists lag behind. */
export const BUCKET_MS = 5 * 60_000;
export const bucketAt = (time: number): number => Math.floor(time / BUCKET_MS);

/** Which of the ids were recorded before; null where n8n cannot tell. */
export type Recorded = Promise<ReadonlySet<string> | null>;

/** What the items of a node run ask for at a time, which is one query. */
interface Batch {
	ids: Set<string>;
	withdrawn: Set<string>;
	recorded: Recorded;
}

const collecting = new WeakMap<IExecuteFunctions, Batch>();
const withdrawnBy = perRun(() => ({ count: 0 }));
/** n8n reads, then writes: within a process the queries of a node go one after the other. */
const turns = new Map<string, Promise<unknown>>();

/** Records ids for the node that asks, and says which others had recorded. */
export async function record(functions: IExecuteFunctions, ids: readonly string[]): Recorded {
	const batch = batchOf(functions);
	for (const id of ids) batch.ids.add(id);
	return await batch.recorded;
}

/** Much longer than n8n takes from reading the row to writing it. */
const OVERWRITTEN_WITHIN_MS = 1000;
/** Hardly anything is overwritten as often as that. */
const MOST_LOOKS = 5;

/**
 * Records ids, of which one process alone is to be told that they are new: true for that one, and where the
 * signal ended the wait; false for all others, and where it could not be found out; null where n8n keeps no such ids.
 * It takes a second or two.
 *
 * n8n reads the row, and then writes all of it. Of two processes that do so at a time both are told the same,
 * and what the first one wrote is lost. Whether that happened shows by a token a little later.
 */
export async function claim(
	functions: IExecuteFunctions,
	ids: readonly string[],
	{ clock, signal }: Pick<Connection, 'clock' | 'signal'>,
): Promise<boolean | null> {
	const token = randomUUID();
	for (let looks = 0; looks < MOST_LOOKS; looks++) {
		const found = await record(functions, [...ids, token]);
		if (found === null) return looks === 0 ? null : false;
		if (found.has(token)) return true;
		if (ids.some((id) => found.has(id))) return false;
		// At different times, lest those that met once meet again.
		const pauseMs = OVERWRITTEN_WITHIN_MS * (1 + Math.random());
		if (!(await clock.sleep(pauseMs, signal))) return true;
	}
	return false;
}

/** Takes back what the node has recorded; not all of it where there is much. */
export function withdraw(functions: IExecuteFunctions, ids: readonly string[]): void {
	const withdrawn = withdrawnBy(functions);
	if (withdrawn.count + ids.length > MOST_WITHDRAWN) return;
	withdrawn.count += ids.length;
	const batch = batchOf(functions);
	for (const id of ids) batch.withdrawn.add(id);
}

function batchOf(functions: IExecuteFunctions): Batch {
	const known = collecting.get(functions);
	if (known) return known;
	const [ids, withdrawn] = [new Set<string>(), new Set<string>()];
	const turn = `${functions.getWorkflow().id} ${functions.getNode().id}`;
	const recorded = (turns.get(turn) ?? Promise.resolve()).then(async () => {
		collecting.delete(functions);
		// What one item takes back another may record anew.
		await remove(functions, [...withdrawn]);
		const found = await query(functions, [...ids]);
		if (turns.get(turn) === recorded) turns.delete(turn);
		return found;
	});
	const batch = { ids, withdrawn, recorded };
	collecting.set(functions, batch);
	turns.set(turn, recorded);
	return batch;
}

const MODE = { mode: 'entries' } as const;

async function remove({ helpers }: IExecuteFunctions, ids: string[]): Promise<void> {
	if (ids.length === 0) return;
	try {
		await helpers.removeProcessed(ids, 'node', MODE);
	} catch {
		// A note that stays makes a retry wait, no more.
	}
}

async function query({ helpers }: IExecuteFunctions, ids: string[]): Recorded {
	if (ids.length === 0) return new Set();
	const options = { ...MODE, maxEntries: MOST_ENTRIES + ids.length };
	const attempt = async () => await helpers.checkProcessedAndRecord(ids, 'node', options);
	try {
		// The first note of a node fails when two processes write it at a time.
		const { processed } = await attempt().catch(attempt);
		return new Set(processed.map(String));
	} catch {
		return null;
	}
}
