/**
 * What is about to be started, noted in n8n's database. It bridges the minutes in which Defender does
 * not list a new action to another process: one that took over a crashed execution, retries it, or
 * was given the same idempotency key.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { Recent } from './recent';
import { digest } from './runMarker';
import type { WantedRun } from './wantedRun';

/** By another process, lately or longer ago. `unknown`: this n8n keeps no such notes. */
export type Noted = 'never' | 'before' | 'lately' | 'unknown';

export interface Answer {
	noted: Noted;
	/** Clock time in milliseconds by which it was. */
	at: number;
}

/** Lately is in this bucket or the one before: for five minutes at least. */
const BUCKET_MS = 5 * 60_000;
/** About 27 bytes each, in the one row that n8n keeps for a node. */
const MOST_ENTRIES = 5000;
const MOST_ANSWERS = 20_000;

/** What was told when it was asked first: whatever came later, the one who asked has noted itself. */
const ofRuns = new Recent<{ answer: Promise<Answer>; bucket: number }>(MOST_ANSWERS);
const ofNodeRuns = new Recent<Promise<boolean>>(MOST_ANSWERS);
/** When an execution asked first: whatever it retries had noted all by then. */
const firstAsked = new Recent<number>(MOST_ANSWERS);

/** Notes a run, and says who else has. What the items of a node run ask at a time is one query. */
export async function noteStart(run: WantedRun): Promise<Answer> {
	const note = noteOf(run);
	const bucket = bucketOf(run);
	const known = ofRuns.get(note.memory);
	if (known && (note.nodeRun !== null || bucket - known.bucket <= 1)) return await known.answer;
	const answer = ask(run, note, bucket);
	ofRuns.set(note.memory, { answer, bucket });
	return await answer;
}

/** Keeps the note recent: a start may have waited for its turn for long. */
export async function renewNote(run: WantedRun): Promise<void> {
	const { own, any, memory } = noteOf(run);
	const bucket = bucketOf(run);
	if (ofRuns.get(memory)?.bucket === bucket) return;
	settleNote(run, 'never');
	const ids = [...own, ...any].map((name) => idOf(name, bucket));
	await record(run.context.functions, ids);
}

/** What others had started by then was looked for. @param noted for the next who asks */
export function settleNote(run: WantedRun, noted: 'never' | 'before'): void {
	const answer = Promise.resolve({ noted, at: run.connection.clock.now() });
	ofRuns.set(noteOf(run).memory, { answer, bucket: bucketOf(run) });
}

const bucketOf = ({ connection }: WantedRun) => Math.floor(connection.clock.wallTime() / BUCKET_MS);
const idOf = (name: string, bucket: number) => `${name} ${bucket}`;

interface Note {
	/** What this process remembers the answer by. */
	memory: string;
	own: string[];
	/** The same run of any execution, for where n8n lost which one it retries. */
	any: string[];
	/** By which a run of longer ago is found; null with an idempotency key, which belongs to none. */
	nodeRun: string | null;
}

function noteOf({ connection, machineId, marker, attempt }: WantedRun): Note {
	const { workflow, lineage, node, round, item, fingerprint, key } = marker;
	if (key !== '') {
		const names = [connection.app.tenantId, machineId].map((id) => id.toLowerCase());
		const own = digest([...names, key]);
		return { memory: own, own: [own], any: [], nodeRun: null };
	}
	const nodeRun = [workflow, lineage, node, round];
	const own = digest([...nodeRun, item, fingerprint]);
	const any = digest([workflow, node, round, item, fingerprint]);
	return { memory: `${attempt} ${own}`, own: [own], any: [any], nodeRun: digest(nodeRun) };
}

async function ask(run: WantedRun, note: Note, bucket: number): Promise<Answer> {
	const at = run.connection.clock.now();
	const lately = (names: string[]) =>
		names.flatMap((name) => [idOf(name, bucket), idOf(name, bucket - 1)]);
	const [own, any] = [lately(note.own), lately(note.any)];
	const nodeRun = note.nodeRun === null ? [] : [note.nodeRun];
	const asked = record(run.context.functions, [...own, ...any, ...nodeRun]);

	const ofNodeRun = `${run.attempt} ${note.nodeRun}`;
	const isNodeRunKnown =
		ofNodeRuns.get(ofNodeRun) ?? asked.then((found) => nodeRun.some((id) => found?.has(id)));
	ofNodeRuns.set(ofNodeRun, isNodeRunKnown);
	const execution = `${run.marker.execution} ${run.marker.node}`;
	const first = firstAsked.get(execution) ?? at;
	if (run.isRetry) firstAsked.set(execution, first);

	const found = await asked;
	if (found === null) return { noted: 'unknown', at: first };
	if (own.some((id) => found.has(id))) return { noted: 'lately', at };
	if (run.isOfAnyExecution && any.some((id) => found.has(id)))
		return { noted: 'lately', at: first };
	return { noted: (await isNodeRunKnown) ? 'before' : 'never', at };
}

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
