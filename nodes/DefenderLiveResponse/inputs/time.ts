/** Fields that are points in time. */
import { tryToParseDateTime } from 'n8n-workflow';

import { isDate } from './date';
import { givenFor, isGiven, type Field } from './field';
import type { ItemInputs } from './nodeContext';
import { notA } from './rejection';

/** ISO 8601 in UTC; a time without a zone is in that of the workflow. Undefined when none is given. */
export function timeOf(context: ItemInputs, field: Field): string | undefined {
	const value = givenFor(context, field);
	if (!isGiven(value)) return undefined;
	const time = isDate(value) || isTimeText(value) ? parsed(value, context) : null;
	if (time !== null) return time;
	throw notA(
		context,
		field,
		'a time',
		value,
		'Enter it as 2026-01-31T08:44:05Z, or use an expression such as {{ $now }} or {{ DateTime.fromMillis($json.time) }}.',
	);
}

/** A number may count seconds or milliseconds, and n8n would read "1" as a month: 20260131 is a day. */
const isTimeText = (value: unknown): boolean =>
	typeof value === 'string' &&
	(!/^[+-]?[\d.]+$/.test(value.trim()) || /^\d{8}$/.test(value.trim()));

function parsed(value: unknown, context: ItemInputs): string | null {
	try {
		return tryToParseDateTime(value, context.functions.getTimezone())
			.toUTC()
			.toJSDate()
			.toISOString();
	} catch {
		return null;
	}
}
