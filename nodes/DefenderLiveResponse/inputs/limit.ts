import { limit, returnAll } from '../descriptions/response';
import { booleanOf } from './boolean';
import type { NodeContext } from './nodeContext';
import { numberOf } from './number';

/** How many entities are wanted; Infinity with Return All. */
export const limitOf = (context: NodeContext): number =>
	booleanOf(context, returnAll) ? Infinity : numberOf(context, limit);
