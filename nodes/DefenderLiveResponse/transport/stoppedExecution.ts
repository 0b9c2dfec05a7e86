/**
 * Stop, where n8n does not end the node run by itself: it tells neither a sub-workflow, nor the worker that runs
 * the job of another process, such as that of webhooks. Its record of the stopped execution is read instead.
 */
import type { IExecuteFunctions, RelatedExecution } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import type { Clock } from '../limits/clock';
import { executionsAbove } from './executionsAbove';

/** A read takes all data of the execution from n8n's database; starts are few, and what begins at a time shares it. */
const FRESH_FOR_MS = { reads: 2000, starts: 250 } as const;

type Call = keyof typeof FRESH_FOR_MS;

/** How often a run asks that has started nothing, such as one that waits for an action of another. */
const READER_ASKS_EVERY_MS = 30_000;

/**
 * Answers whether the execution, or one above, was stopped a quarter of a second ago or earlier; reads
 * may learn of it two seconds late.
 * @param call reads before the first call that `starts` something rarely ask n8n
 */
export type WasStopped = (call: Call) => Promise<boolean>;

interface Look {
	readonly at: number;
	readonly result: Promise<{ stopped: boolean; parent?: RelatedExecution }>;
}

/** By execution: all nodes and sub-workflows of this process share the looks. */
const looks = new Map<string, Look>();

export function stoppedExecution(functions: IExecuteFunctions, clock: Clock): WasStopped {
	let starts = false;
	let next = clock.now() + READER_ASKS_EVERY_MS;
	let watched: Promise<string[]> | undefined;
	return async (call) => {
		starts ||= call === 'starts';
		if (!starts && clock.now() < next) return false;
		next = clock.now() + READER_ASKS_EVERY_MS;
		watched ??= watchedBy(functions, clock);
		for (const id of await watched) {
			if ((await lookAt(functions, clock, id, FRESH_FOR_MS[call])).stopped) return true;
		}
		return false;
	};
}

/** n8n ends a stopped sub-workflow itself, wherever it runs: only the executions above it are watched. */
async function watchedBy(functions: IExecuteFunctions, clock: Clock): Promise<string[]> {
	const own: string | undefined = functions.getExecutionId();
	if (!own) return [];
	if (functions.getMode() !== 'integrated') return [own];
	const parentOf = async (id: string) =>
		(await lookAt(functions, clock, id, FRESH_FOR_MS.reads)).parent;
	return (await executionsAbove(functions, parentOf)).map(({ executionId }) => executionId);
}

async function lookAt(
	functions: IExecuteFunctions,
	clock: Clock,
	id: string,
	freshForMs: number,
): Look['result'] {
	const now = clock.now();
	const known = looks.get(id);
	if (known && now - known.at < freshForMs) return await known.result;
	for (const [old, { at }] of looks) if (now - at >= FRESH_FOR_MS.reads) looks.delete(old);
	const result = readExecution(functions, id);
	looks.set(id, { at: now, result });
	return await result;
}

interface StoredExecution {
	parentExecution?: RelatedExecution;
	resultData?: { error?: unknown };
}

/** What n8n cannot tell does not stop anything. */
async function readExecution(functions: IExecuteFunctions, id: string): Look['result'] {
	try {
		const stored: StoredExecution | undefined = await functions.getExecutionDataById(id);
		return {
			stopped: isStopOf(id, stored?.resultData?.error),
			parent: stored?.parentExecution,
		};
	} catch {
		return { stopped: false };
	}
}

/** What n8n stores of its ExecutionCancelledError: its reason is `manual`, `timeout` or `shutdown`. */
function isStopOf(id: string, error: unknown): boolean {
	if (!isRecord(error) || typeof error.reason !== 'string') return false;
	// A retry begins with the data of the execution that was stopped.
	const stopped = isRecord(error.extra) ? error.extra.executionId : undefined;
	return stopped === undefined || stopped === id;
}
