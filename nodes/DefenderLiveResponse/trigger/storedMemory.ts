/** The memory of a trigger in n8n's static data of its node, as one text: it changes as a whole. */
import type { IDataObject } from 'n8n-workflow';

import { storedFilter } from '../domain/actionFilter';
import { isGuid } from '../domain/identifiers';
import type { Memory } from '../domain/pollMemory';
import { isRecord } from '../domain/record';

/**
 * Null when there is none, or none of this tenant and workflow (a workflow file may carry that of
 * another): the next look is then the first.
 */
export function loadMemory(
	store: IDataObject,
	owner: Pick<Memory, 'tenantId' | 'workflowId'>,
): Memory | null {
	const memory = parsed(store.memory);
	if (!isMemory(memory)) return null;
	const isOwn = memory.tenantId === owner.tenantId && memory.workflowId === owner.workflowId;
	const filter = storedFilter(memory.filter);
	return isOwn && filter ? { ...memory, filter } : null;
}

/** Unchanged, it is not written: n8n stores static data that was written to. */
export function saveMemory(store: IDataObject, memory: Memory): void {
	const text = JSON.stringify(memory);
	if (store.memory !== text) store.memory = text;
}

function parsed(text: unknown): unknown {
	try {
		return JSON.parse(String(text ?? 'null'));
	} catch {
		return null;
	}
}

/** Whoever edits a workflow's data can write anything there, and so may a later version. */
function isMemory(value: unknown): value is Omit<Memory, 'filter'> & { filter: unknown } {
	return (
		isRecord(value) &&
		value.version === 1 &&
		typeof value.tenantId === 'string' &&
		(value.since === null || typeof value.since === 'number') &&
		isRecord(value.unfinished) &&
		isRecord(value.handled) &&
		Object.values(value.handled).every(Array.isArray) &&
		Object.entries(value.unfinished).every(
			// The ids become part of a query.
			([id, entry]) => isGuid(id) && isRecord(entry) && typeof entry.createdAt === 'number',
		)
	);
}

const underWay = new WeakSet<object>();

/**
 * Runs one poll at a time over one memory. n8n starts the next poll at its time, also while one is
 * still running; that one finds nothing, and what it would have found is found by the next.
 */
export async function alone<T>(store: IDataObject, poll: () => Promise<T>): Promise<T | null> {
	if (underWay.has(store)) return null;
	underWay.add(store);
	try {
		return await poll();
	} finally {
		underWay.delete(store);
	}
}
