/**
 * What is about to be started, noted in n8n's database. It bridges the minutes in which Defender does
 * not list a new action to another process: one that took over a crashed execution, retries it, or
 * was given the same idempotency key.
 */
import { LIST_LAG_MS } from '../domain/actionTimes';
import { digest } from './digest';
import { bucketAt, claim, record, withdraw } from './processedData';
import { Recent } from './recent';
import type { WantedRun } from './wantedRun';

/** By another process, lately or longer ago. `unknown`: this n8n keeps no such notes. */
export type Noted = 'never' | 'before' | 'lately' | 'unknown';

export interface Answer {
	noted: Noted;
	/** Clock time in milliseconds by which it was. */
	at: number;
}

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

/**
 * Notes a run anew whose notes were looked for in vain. Of all that have waited for the same one, such as two
 * retries, the first goes on, and the others have to look for what that one starts.
 *
 * @param looks how many there were
 */
export async function noteAgain(run: WantedRun, looks: number): Promise<Answer> {
	const { own, any } = noteOf(run);
	const bucket = bucketOf(run);
	const at = run.connection.clock.now();
	const turn = lately(`${run.isOfAnyExecution ? any : own} after ${looks}`, bucket);
	const { functions } = run.context;
	// Both join one query.
	const isFirst = claim(functions, turn, run.connection);
	await record(functions, [idOf(own, bucket), idOf(any, bucket)]);
	const noted = (await isFirst) === false ? 'lately' : 'never';
	settleNote(run, 'never');
	return { noted, at };
}

/** Certainly not started. What another may have noted since, or begun, keeps its note. */
export function withdrawNote(run: WantedRun): void {
	const { own, memory } = noteOf(run);
	const known = ofRuns.get(memory);
	if (!known) return;
	ofRuns.delete(memory);
	void known.answer.then(({ noted, at }) => {
		const isOwn = noted === 'never' || noted === 'before';
		if (!isOwn || run.connection.clock.now() - at >= LIST_LAG_MS) return;
		withdraw(run.context.functions, lately(own, known.bucket));
	});
}

/**
 * Notes what was started once more: it may have waited for its turn for long, and another process that
 * noted something at the same moment may have overwritten the note.
 */
export async function renewNote(run: WantedRun): Promise<void> {
	const { own, any, nodeRun } = noteOf(run);
	const bucket = bucketOf(run);
	settleNote(run, 'never');
	const ids = [idOf(own, bucket), idOf(any, bucket)];
	await record(run.context.functions, nodeRun === null ? ids : [...ids, nodeRun]);
}

/** What others had started by then was looked for. @param noted for the next who asks */
export function settleNote(run: WantedRun, noted: 'never' | 'before'): void {
	const answer = Promise.resolve({ noted, at: run.connection.clock.now() });
	ofRuns.set(noteOf(run).memory, { answer, bucket: bucketOf(run) });
}

/** Lately is in this bucket or the one before. */
const bucketOf = ({ connection }: WantedRun) => bucketAt(connection.clock.wallTime());
const idOf = (name: string, bucket: number) => `${name} ${bucket}`;
const lately = (name: string, bucket: number) => [idOf(name, bucket), idOf(name, bucket - 1)];

interface Note {
	/** What this process remembers the answer by. */
	memory: string;
	own: string;
	/** The same run of any execution, for where n8n lost which one it retries. */
	any: string;
	/** By which a run of longer ago is found; null with an idempotency key, which belongs to none. */
	nodeRun: string | null;
}

function noteOf({ connection, machineId, marker, attempt }: WantedRun): Note {
	const { workflow, lineage, node, round, item, fingerprint, key } = marker;
	if (key !== '') {
		const names = [connection.app.tenantId, machineId].map((id) => id.toLowerCase());
		const own = digest([...names, key]);
		return { memory: own, own, any: own, nodeRun: null };
	}
	const nodeRun = [workflow, lineage, node, round];
	const own = digest([...nodeRun, item, fingerprint]);
	const any = digest([workflow, node, round, item, fingerprint]);
	return { memory: `${attempt} ${own}`, own, any, nodeRun: digest(nodeRun) };
}

async function ask(run: WantedRun, { own, any, nodeRun }: Note, bucket: number): Promise<Answer> {
	const at = run.connection.clock.now();
	const { functions } = run.context;
	const ids = {
		own: lately(own, bucket),
		any: lately(any, bucket),
		retried: run.isOfAnyExecution ? lately(`${any} retried`, bucket) : [],
		nodeRun: nodeRun === null ? [] : [nodeRun],
	};
	const asked = record(functions, Object.values(ids).flat());
	// Nobody else makes the first try at the same moment. Both join one query: this process would meet itself else.
	const isShared = run.marker.key !== '' || run.isRetry;
	const isFirst = isShared ? claim(functions, [...ids.own, ...ids.retried], run.connection) : null;

	const ofNodeRun = `${run.attempt} ${nodeRun}`;
	const isOlder =
		ofNodeRuns.get(ofNodeRun) ??
		asked.then((found) => found !== null && hasOne(found, ids.nodeRun));
	ofNodeRuns.set(ofNodeRun, isOlder);
	const execution = `${run.marker.execution} ${run.marker.node}`;
	const first = firstAsked.get(execution) ?? at;
	if (run.isRetry) firstAsked.set(execution, first);

	const found = await asked;
	if (found === null) return { noted: 'unknown', at: first };
	const isOthers = (await isFirst) === false || hasOne(found, ids.own);
	if (isOthers) return { noted: 'lately', at };
	if (run.isOfAnyExecution && hasOne(found, ids.any)) return { noted: 'lately', at: first };
	return { noted: (await isOlder) ? 'before' : 'never', at };
}

const hasOne = (found: ReadonlySet<string>, ids: readonly string[]) =>
	ids.some((id) => found.has(id));
