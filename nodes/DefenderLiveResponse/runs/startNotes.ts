/**
 * What is about to be started, noted in n8n's database. It bridges the minutes in which Defender does
 * not list a new action to another process: one that took over a crashed execution, retries it, or
 * was given the same idempotency key.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from '../limits/clock';
import { Recent } from './recent';

/** By another process, lately or longer ago. `unknown`: this n8n keeps no such notes. */
export type Noted = 'never' | 'before' | 'lately' | 'unknown';

/** Digests. */
export interface Note {
	run: string;
	/** The node run it belongs to; null with an idempotency key, which belongs to none. */
	nodeRun: NodeRunNote | null;
}

interface NodeRunNote {
	name: string;
	node: string;
	/** n8n lost which execution it retries: then it may be any that this node ran in lately. */
	isOfAnyExecution: boolean;
}

/** Lately is in this bucket or the one before: for five minutes at least. */
const BUCKET_MS = 5 * 60_000;
/** About 27 bytes each, in the one row that n8n keeps for a node. */
const MOST_ENTRIES = 5000;
const MOST_ANSWERS = 20_000;

/** What this process was told when it asked first: whatever came later, it has noted itself. */
const runs = new Recent<{ noted: Promise<Noted>; bucket: number }>(MOST_ANSWERS);
const nodeRuns = new Recent<Promise<Noted>>(MOST_ANSWERS);

/** Notes a run, and says who else has. What the items of a node run ask at a time is one query. */
export async function noteStart(
	functions: IExecuteFunctions,
	clock: Clock,
	note: Note,
): Promise<Noted> {
	const bucket = bucketOf(clock);
	const known = runs.get(note.run);
	if (known && (note.nodeRun !== null || bucket - known.bucket <= 1)) return await known.noted;
	const noted = ask(functions, note, bucket);
	runs.set(note.run, { noted, bucket });
	return await noted;
}

/** Keeps the note recent: a start may have waited for its turn for long. */
export async function renewNote(
	functions: IExecuteFunctions,
	clock: Clock,
	{ run }: Note,
): Promise<void> {
	const bucket = bucketOf(clock);
	if (runs.get(run)?.bucket === bucket) return;
	runs.set(run, { noted: Promise.resolve('never'), bucket });
	await record(functions, [idOf(run, bucket)]);
}

/** What others had started by then was looked for. */
export function settleNote(clock: Clock, { run }: Note): void {
	runs.set(run, { noted: Promise.resolve('never'), bucket: bucketOf(clock) });
}

const bucketOf = (clock: Clock) => Math.floor(clock.wallTime() / BUCKET_MS);
const idOf = (run: string, bucket: number) => `${run} ${bucket}`;

async function ask(
	functions: IExecuteFunctions,
	{ run, nodeRun }: Note,
	bucket: number,
): Promise<Noted> {
	const asked = record(functions, lately(run, bucket));
	const ofNodeRun = nodeRun === null ? 'never' : askForAll(functions, nodeRun, bucket);
	const found = await asked;
	if (found === null) return 'unknown';
	return lately(run, bucket).some((id) => found.has(id)) ? 'lately' : await ofNodeRun;
}

/** What is noted of the node run as a whole, by which an older run of any of its items is found. */
async function askForAll(
	functions: IExecuteFunctions,
	{ name, node, isOfAnyExecution }: NodeRunNote,
	bucket: number,
): Promise<Noted> {
	const ids = lately(node, bucket);
	const known =
		nodeRuns.get(name) ??
		record(functions, [name, ...ids]).then((found): Noted => {
			if (found === null) return 'unknown';
			if (isOfAnyExecution && ids.some((id) => found.has(id))) return 'lately';
			return found.has(name) ? 'before' : 'never';
		});
	nodeRuns.set(name, known);
	return await known;
}

const lately = (name: string, bucket: number) => [idOf(name, bucket), idOf(name, bucket - 1)];

/** Which of the ids were recorded before; null where n8n cannot tell. */
export type Recorded = Promise<ReadonlySet<string> | null>;

const collecting = new WeakMap<IExecuteFunctions, { ids: Set<string>; recorded: Recorded }>();
/** n8n reads, then writes: within a process the queries of a node go one after the other. */
const turns = new Map<string, Promise<unknown>>();

/** Records ids for the node that asks, and says which others had recorded. */
export async function record(functions: IExecuteFunctions, ids: readonly string[]): Recorded {
	const known = collecting.get(functions);
	if (known) {
		for (const id of ids) known.ids.add(id);
		return await known.recorded;
	}
	const all = new Set(ids);
	const turn = `${functions.getWorkflow().id} ${functions.getNode().id}`;
	const recorded = (turns.get(turn) ?? Promise.resolve()).then(async () => {
		collecting.delete(functions);
		return await query(functions, [...all]);
	});
	collecting.set(functions, { ids: all, recorded });
	turns.set(turn, recorded);
	const found = await recorded;
	if (turns.get(turn) === recorded) turns.delete(turn);
	return found;
}

async function query(functions: IExecuteFunctions, ids: string[]): Recorded {
	const options = { mode: 'entries', maxEntries: MOST_ENTRIES + ids.length } as const;
	const attempt = async () => await functions.helpers.checkProcessedAndRecord(ids, 'node', options);
	try {
		// The first note of a node fails when two processes write it at a time.
		const { processed } = await attempt().catch(attempt);
		return new Set(processed.map(String));
	} catch {
		return null;
	}
}
