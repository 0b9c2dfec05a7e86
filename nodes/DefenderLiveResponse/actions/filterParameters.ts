/** Filters and limits of the Get Many operations, read and checked before any call. */
import { NodeOperationError, tryToParseDateTime } from 'n8n-workflow';

import type { ItemContext } from './operation';

const DEFAULT_LIMIT = 50;

/** How many entities are wanted; Infinity with Return All. */
export function limitOf(context: ItemContext): number {
	const parameter = (name: string, fallback: unknown): unknown =>
		context.functions.getNodeParameter(name, context.itemIndex, fallback);
	if (parameter('returnAll', false) === true) return Infinity;
	const limit = Math.floor(Number(parameter('limit', DEFAULT_LIMIT)));
	return Number.isFinite(limit) ? Math.max(1, limit) : DEFAULT_LIMIT;
}

const filter = (context: ItemContext, name: string): unknown =>
	context.functions.getNodeParameter(`filters.${name}`, context.itemIndex, '');

export const textFilter = (context: ItemContext, name: string): string =>
	String(filter(context, name) ?? '').trim();

/** Expressions give a list, or its values in one text with commas. */
export function listFilter(context: ItemContext, name: string): string[] {
	const value = filter(context, name);
	const values: unknown[] = Array.isArray(value) ? value : String(value ?? '').split(',');
	return values.map((entry) => String(entry).trim()).filter((entry) => entry !== '');
}

/** Of a fixed set of values; what is not among them would be refused by the API without a word. */
export function choiceFilter(
	context: ItemContext,
	name: string,
	displayName: string,
	choices: readonly string[],
): string[] {
	return listFilter(context, name).map((value) => {
		const choice = choices.find((known) => known.toLowerCase() === value.toLowerCase());
		if (choice !== undefined) return choice;
		throw filterError(context, `'${displayName}' has an unknown value`, {
			description: `It can be ${choices.join(', ')}.`,
		});
	});
}

/** ISO 8601 in UTC; a time without a zone is in that of the workflow. */
export function timeFilter(
	context: ItemContext,
	name: string,
	displayName: string,
): string | undefined {
	const value = filter(context, name);
	if (value === '' || value === null || value === undefined) return undefined;
	try {
		return tryToParseDateTime(value, context.functions.getTimezone())
			.toUTC()
			.toJSDate()
			.toISOString();
	} catch {
		throw new NodeOperationError(context.functions.getNode(), `'${displayName}' is not a time`, {
			itemIndex: context.itemIndex,
			description: 'Enter it as 2026-01-31T08:44:05Z, or use an expression such as {{ $now }}.',
		});
	}
}

export function filterError(
	context: ItemContext,
	message: string,
	details: { description: string },
): NodeOperationError {
	return new NodeOperationError(context.functions.getNode(), message, {
		...details,
		itemIndex: context.itemIndex,
	});
}
