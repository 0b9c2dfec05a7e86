import { tagField } from '../descriptions/machine';
import type { NodeContext } from './nodeContext';
import { fieldError } from './rejection';
import { textOf } from './text';

export function tagOf(context: NodeContext): string {
	const tag = textOf(context, tagField);
	if (tag !== '') return tag;
	throw fieldError(context, "'Tag' is empty", {
		description: 'Enter a tag, or an expression that returns one.',
	});
}
