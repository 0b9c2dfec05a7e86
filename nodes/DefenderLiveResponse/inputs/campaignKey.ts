import { createHash } from 'node:crypto';

import type { Field } from './field';
import type { NodeContext } from './nodeContext';
import { textOf } from './text';

/**
 * What markers say of a campaign's key: the same for every workflow and n8n. Empty when none is given.
 */
export function campaignOf(context: NodeContext, field: Field): string {
	const key = textOf(context, field);
	return key === '' ? '' : createHash('sha256').update(key).digest('hex').slice(0, 16);
}
