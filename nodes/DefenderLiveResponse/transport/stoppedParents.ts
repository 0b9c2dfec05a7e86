/**
 * Stop, pressed on a workflow that runs this one as a sub-workflow: n8n stops that execution alone, and
 * lets the sub-workflow go on. So the executions above are looked at, in n8n's own record of them.
 */
import type { IExecuteFunctions, RelatedExecution } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import type { Clock } from '../limits/clock';

/** A look reads each execution above from n8n's database. Enough for calls that only read. */
const FRESH_FOR_MS = 2000;
const MOST_LEVELS = 10;

export type StoppedParents = (when: 'now' | 'lately') => Promise<boolean>;

/** Answers whether an execution above was stopped, `now` or at the last look; undefined where there is none. */
export function stoppedParents(
	functions: IExecuteFunctions,
	clock: Clock,
): StoppedParents | undefined {
	if (functions.getMode() !== 'integrated') return undefined;
	const parents = parentsOf(functions);
	let look: { at: number; result: Promise<boolean> } | undefined;
	return async (when) => {
		if (look === undefined || when === 'now' || clock.now() - look.at >= FRESH_FOR_MS) {
			look = {
				at: clock.now(),
				result: parents.then(async (ids) => await anyStopped(functions, ids)),
			};
		}
		return await look.result;
	};
}

/** The executions that wait for this one, the nearest first. What n8n cannot tell does not stop anything. */
async function parentsOf(functions: IExecuteFunctions): Promise<string[]> {
	const found: string[] = [];
	let id: string | undefined = functions.getExecutionId();
	while (id !== undefined && found.length < MOST_LEVELS) {
		id = (await readExecution(functions, id))?.parentExecution?.executionId;
		if (id !== undefined) found.push(id);
	}
	return found;
}

async function anyStopped(functions: IExecuteFunctions, ids: readonly string[]): Promise<boolean> {
	for (const id of ids) {
		const error: unknown = (await readExecution(functions, id))?.resultData?.error;
		// What n8n stores of its ExecutionCancelledError: `manual`, `timeout` or `shutdown`.
		if (isRecord(error) && typeof error.reason === 'string') return true;
	}
	return false;
}

interface StoredExecution {
	parentExecution?: RelatedExecution;
	resultData?: { error?: unknown };
}

async function readExecution(
	functions: IExecuteFunctions,
	id: string,
): Promise<StoredExecution | undefined> {
	try {
		return await functions.getExecutionDataById(id);
	} catch {
		return undefined;
	}
}
