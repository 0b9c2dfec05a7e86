/** Fields that take the content of a file. */
import { givenFor, type Field } from './field';
import type { NodeContext } from './nodeContext';
import { asText, textFrom } from './text';

/** As it is, with the spaces around it; what n8n has already parsed becomes JSON again. */
export function documentOf(context: NodeContext, field: Field): string {
	const value = givenFor(context, field);
	if (typeof value === 'string') return value;
	if (textFrom(value) === null && typeof value === 'object') return JSON.stringify(value);
	return asText(context, field, value);
}
