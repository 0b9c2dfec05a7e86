import { tryToParseDateTime } from 'n8n-workflow';

/** What an expression may give, by the name that a table has for it. */
export const VALUES = {
	'a number': 924565,
	'text of a number': '15',
	'"true"': 'true',
	'"false"': 'false',
	zero: 0,
	one: 1,
	null: null,
	undefined: undefined,
	'""': '',
	object: { a: 'secret-value' },
	list: ['secret-value', 'secret-value-2'],
	date: tryToParseDateTime('2026-01-31T08:44:05Z', 'utc'),
} as const;

export type ValueName = keyof typeof VALUES;

/** What is said of each of them; null for what is taken, or stands for the default. */
export type Row = (displayName: string) => Record<ValueName, string | null>;
