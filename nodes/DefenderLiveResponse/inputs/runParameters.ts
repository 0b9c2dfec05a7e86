/** The options that hold for a whole run of the node: read once, from its first item. */
import {
	batchIntervalField,
	batchSizeField,
	maxRateLimitWaitOption,
} from '../descriptions/options';
import { givenFor, inOptions, isGiven, type Field } from './field';
import type { NodeContext } from './nodeContext';
import { numberOf } from './number';

/** n8n's own batching, in its own words: so many items, then so long until the next ones. */
export interface Batching {
	batchSize: number;
	batchIntervalMs: number;
}

/** Null when the user has not added it, or has switched it off with one of its two values. */
export function batchingOf(context: NodeContext): Batching | null {
	const batch = inOptions({ displayName: 'Batching', name: 'batching.batch', default: '' });
	if (!isGiven(givenFor(context, batch))) return null;
	const number = (field: Field) =>
		Math.floor(numberOf(context, { ...field, name: `${batch.name}.${field.name}` }));
	const batchSize = number(batchSizeField);
	const batchIntervalMs = number(batchIntervalField);
	return batchSize > 0 && batchIntervalMs > 0 ? { batchSize, batchIntervalMs } : null;
}

export const maxHoldSecondsOf = (context: NodeContext): number =>
	numberOf(context, inOptions(maxRateLimitWaitOption));
