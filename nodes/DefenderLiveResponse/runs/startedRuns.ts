import type { IExecuteFunctions } from 'n8n-workflow';

import type { MachineAction } from '../domain/machineAction';
import type { UnsureStart } from '../api/actionStart';

/**
 * What this node run has started, by item. Retry On Fail runs the node again with all items; what
 * was started is waited for, not started again. See finishedItems.ts for the key.
 */
const started = new WeakMap<object, Map<number, MachineAction>>();
const unsure = new WeakMap<object, Map<number, UnsureStart>>();

export const startedRunsOf = (functions: IExecuteFunctions) => byItem(started, functions);

/** Starts whose answer was lost: they are looked for, and not tried again. */
export const unsureStartsOf = (functions: IExecuteFunctions) => byItem(unsure, functions);

function byItem<T>(runs: WeakMap<object, Map<number, T>>, functions: IExecuteFunctions) {
	const run = functions.getExecuteData() as object;
	const items = runs.get(run) ?? new Map<number, T>();
	runs.set(run, items);
	return items;
}
