import { maxWaitOption, pollIntervalOption } from '../descriptions/liveResponse';
import { inOptions } from './field';
import type { NodeContext } from './nodeContext';
import { numberOf } from './number';

/** How often to look, and for how long. */
export interface Patience {
	intervalMs: number;
	maxWaitMs: number;
}

export const patienceOf = (context: NodeContext): Patience => ({
	intervalMs: numberOf(context, inOptions(pollIntervalOption)) * 1000,
	maxWaitMs: numberOf(context, inOptions(maxWaitOption)) * 60_000,
});
