/** What a field is taken as, by its kind. */
import type { INodeProperties } from 'n8n-workflow';

import { choiceField } from '../../../nodes/DefenderLiveResponse/descriptions/choice';
import { booleanOf } from '../../../nodes/DefenderLiveResponse/inputs/boolean';
import { choiceOf, listOf } from '../../../nodes/DefenderLiveResponse/inputs/choice';
import { documentOf } from '../../../nodes/DefenderLiveResponse/inputs/document';
import type { ItemInputs } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { numberOf } from '../../../nodes/DefenderLiveResponse/inputs/number';
import { textOf } from '../../../nodes/DefenderLiveResponse/inputs/text';
import { timeOf } from '../../../nodes/DefenderLiveResponse/inputs/time';
import { locatedBy } from '../../../nodes/DefenderLiveResponse/inputs/locator';
import { someNode } from '../../support/expressions.mts';
import { VALUES, type ValueName } from './values.mts';

const given = (value: unknown) =>
	({
		functions: { getNode: () => someNode, getTimezone: () => 'Europe/Berlin' },
		itemIndex: 0,
		parameter: () => value,
	}) as unknown as ItemInputs;

const field = (preset: INodeProperties['default']) => ({
	displayName: 'Field',
	name: 'field',
	default: preset,
});

const choice = choiceField({
	displayName: 'Field',
	name: 'field',
	type: 'options',
	default: 'b',
	options: ['a', 'b', '15'].map((value) => ({ name: value, value })),
});

const REJECTED = Symbol('rejected');

/** Of every value, in the order of the table. */
function takenAs(read: (context: ItemInputs) => unknown): unknown[] {
	return (Object.keys(VALUES) as ValueName[]).map((name) => {
		try {
			return read(given(VALUES[name]));
		} catch {
			return REJECTED;
		}
	});
}

const no = REJECTED;
const iso = '2026-01-31T08:44:05.000Z';
const { object, list } = VALUES;

it.each<[string, (context: ItemInputs) => unknown, unknown[]]>([
	[
		'a text',
		(context) => textOf(context, field('none')),
		['924565', '15', 'true', 'false', '0', '1', 'none', 'none', 'none', no, no, iso],
	],
	[
		'a switch that is on unless told otherwise',
		(context) => booleanOf(context, field(true)),
		[no, no, true, false, false, true, true, true, true, no, no, no],
	],
	[
		'a number',
		(context) => numberOf(context, field(300)),
		[924565, 15, no, no, 0, 1, 300, 300, 300, no, no, no],
	],
	[
		'a choice',
		(context) => choiceOf(context, choice),
		[no, '15', no, no, no, no, 'b', 'b', 'b', no, no, no],
	],
	[
		'a list',
		(context) => listOf(context, field([])),
		[['924565'], ['15'], ['true'], ['false'], ['0'], ['1'], [], [], [], no, [...list], [iso]],
	],
	[
		'a time',
		(context) => timeOf(context, field('')),
		[no, no, no, no, no, no, undefined, undefined, undefined, no, no, iso],
	],
	[
		'a locator',
		(context) => locatedBy(context, field('')).value,
		['924565', '15', 'true', 'false', '0', '1', '', '', '', no, no, iso],
	],
	[
		'a document',
		(context) => documentOf(context, field('')),
		[
			'924565',
			'15',
			'true',
			'false',
			'0',
			'1',
			'',
			'',
			'',
			JSON.stringify(object),
			JSON.stringify(list),
			iso,
		],
	],
])('%s', (_kind, read, expected) => {
	expect(takenAs(read)).toEqual(expected);
});

it.each([
	[true, true],
	[' TRUE ', true],
	['0', false],
])('a switch takes %o', (value, expected) => {
	expect(booleanOf(given(value), field(false))).toBe(expected);
});

it.each([
	[1e21, '1000000000000000000000'],
	[0.1, '0.1'],
	[-7, '-7'],
	[12345678901234567890n, '12345678901234567890'],
	[new Date(iso), iso],
	[false, 'false'],
])('a text takes %o', (value, expected) => {
	expect(textOf(given(value), field(''))).toBe(expected);
});

it.each([[NaN], [Infinity], [new Date(NaN)], [() => 'x']])('a text does not take %o', (value) => {
	expect(() => textOf(given(value), field(''))).toThrow("'Field' is not text");
});

it.each([
	['2026-01-31 09:44:05', iso],
	['20260131', '2026-01-30T23:00:00.000Z'],
	[new Date(iso), iso],
])('a time takes %o, in the time zone of the workflow', (value, expected) => {
	expect(timeOf(given(value), field(''))).toBe(expected);
});

it('a list may have its values in one text, and in a locator', () => {
	expect(listOf(given('a, b,'), field([]))).toEqual(['a', 'b']);
	expect(listOf(given({ mode: 'id', value: 'a,b' }), field([]))).toEqual(['a', 'b']);
	expect(() => listOf(given(['a', {}]), field([]))).toThrow("'Field' is not text");
});
