/** Text fields. */
import type { NodeContext } from './nodeContext';
import { isDate, isoText } from './date';
import { givenFor, isGiven, type Field } from './field';
import { notA } from './rejection';

/** Without spaces around it. When nothing is given its default, or empty where that is an expression. */
export function textOf(context: NodeContext, field: Field, wayOut?: string): string {
	const value = givenFor(context, field);
	if (isGiven(value)) return asText(context, field, value, wayOut);
	return typeof field.default === 'string' && !field.default.startsWith('=') ? field.default : '';
}

/** What a script is called with. A list has no one form on a command line, and an object has none. */
export function argumentsOf(context: NodeContext, field: Field): string {
	return textOf(context, field, ARGUMENTS_WAY_OUT);
}

const ARGUMENTS_WAY_OUT =
	"Join a list yourself, with {{ $json.list.join(' ') }}, or pass it as Base64, with {{ JSON.stringify($json.list).base64Encode() }}, and decode it in the script.";

const WAY_OUT =
	"Name one of its fields, such as {{ $json.name }}; join a list with {{ $json.list.join(', ') }}.";

/** The text that a value stands for; empty for none. */
export function asText(
	context: NodeContext,
	field: Field,
	value: unknown,
	wayOut = WAY_OUT,
): string {
	const text = textFrom(value);
	if (text === null) throw notA(context, field, 'text', value, wayOut);
	return text;
}

/** Null for a value that no text stands for. */
export function textFrom(value: unknown): string | null {
	if (!isGiven(value)) return '';
	if (isDate(value)) return isoText(value);
	switch (typeof value) {
		case 'string':
			return value.trim();
		case 'number':
			return Number.isFinite(value) ? decimal(value) : null;
		case 'bigint':
		case 'boolean':
			return String(value);
		default:
			return null;
	}
}

/** All digits, where JavaScript would write 1e+21. */
const decimal = (value: number): string =>
	value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
