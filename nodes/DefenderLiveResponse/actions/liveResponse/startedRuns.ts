import type { IExecuteFunctions } from 'n8n-workflow';

import type { MachineAction } from '../../liveResponse/machineAction';

/**
 * Live responses this node run has started, by item. Retry On Fail runs the node again with all
 * items; what was started is waited for, not started again. See finishedItems.ts for the key.
 */
const started = new WeakMap<object, Map<number, MachineAction>>();

export function startedRunsOf(functions: IExecuteFunctions): Map<number, MachineAction> {
	const run = functions.getExecuteData() as object;
	const runs = started.get(run) ?? new Map<number, MachineAction>();
	started.set(run, runs);
	return runs;
}
