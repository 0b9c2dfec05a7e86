/** What is said of a value that a field cannot have. The value itself is never part of it. */
import type { NodeOperationError } from 'n8n-workflow';

import { isDate } from './date';
import type { NodeContext } from './nodeContext';
import { nodeError } from './nodeErrors';

export function fieldError(
	context: NodeContext,
	message: string,
	details: { description: string },
): NodeOperationError {
	return nodeError(context.functions.getNode(), 'invalidInput', {
		message,
		...details,
		itemIndex: context.itemIndex,
	});
}

/**
 * @param wanted what the field takes, as it is called in a sentence: "a time"
 * @param wayOut one or more sentences
 */
export function notA(
	context: NodeContext,
	field: { displayName: string },
	wanted: string,
	value: unknown,
	wayOut: string,
): NodeOperationError {
	return fieldError(context, `'${field.displayName}' is not ${wanted}`, {
		description: `Its value is ${typeOf(value)}. ${wayOut}`,
	});
}

/** The type of a value as people call it. */
function typeOf(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (isDate(value)) return 'a date';
	if (value === null || value === undefined) return 'empty';
	switch (typeof value) {
		case 'string':
			return 'text';
		case 'number':
		case 'bigint':
			return 'a number';
		case 'boolean':
			return 'true or false';
		case 'object':
			return 'an object';
		default:
			return 'of another type';
	}
}
