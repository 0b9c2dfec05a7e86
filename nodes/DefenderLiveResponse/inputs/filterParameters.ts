/** Filters and limits of the Get Many operations, read and checked before any call. */
import { NodeOperationError, tryToParseDateTime } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import type { ItemInputs, NodeContext } from './nodeContext';

const DEFAULT_LIMIT = 50;

/** How many entities are wanted; Infinity with Return All. */
export function limitOf(context: ItemInputs): number {
	if (context.parameter('returnAll', false) === true) return Infinity;
	const limit = Math.floor(Number(context.parameter('limit', DEFAULT_LIMIT)));
	return Number.isFinite(limit) ? Math.max(1, limit) : DEFAULT_LIMIT;
}

const filter = (context: NodeContext, name: string): unknown =>
	context.parameter(`filters.${name}`, '');

export const textFilter = (context: NodeContext, name: string): string =>
	String(filter(context, name) ?? '').trim();

/** Expressions give a list, or its values in one text with commas; so may the value of a locator. */
export function listFilter(context: NodeContext, name: string): string[] {
	const given = filter(context, name);
	const value = isRecord(given) ? given.value : given;
	const values: unknown[] = Array.isArray(value) ? value : String(value ?? '').split(',');
	return values.map((entry) => String(entry).trim()).filter((entry) => entry !== '');
}

/** Of a fixed set of values; what is not among them would be refused by the API without a word. */
export function choiceFilter(
	context: NodeContext,
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
	context: ItemInputs,
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
	context: NodeContext,
	message: string,
	details: { description: string },
): NodeOperationError {
	return new NodeOperationError(context.functions.getNode(), message, {
		...details,
		itemIndex: context.itemIndex,
	});
}
