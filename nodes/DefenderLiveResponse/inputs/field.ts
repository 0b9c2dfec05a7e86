/** A field as its description has it, and what the user or an expression gave for it. */
import type { INodeProperties } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import { isDate } from './date';
import type { NodeContext } from './nodeContext';
import { fieldError } from './rejection';

/** `name` is the path to its value: "options.decompress". */
export type Field = Pick<
	INodeProperties,
	'name' | 'displayName' | 'default' | 'typeOptions' | 'options'
>;

/** An entry of the collection 'Options'. One that is not added has its default. */
export const inOptions = <Entry extends Field>(field: Entry): Entry => ({
	...field,
	name: `options.${field.name}`,
});

/** An entry of the collection 'Filters'. One that is not added does not filter. */
export const inFilters = (field: Field): Field => ({
	...field,
	name: `filters.${field.name}`,
	default: '',
});

/** The entry of that name; the names are those of the code, so one that is missing is a mistake. */
export function fieldNamed(fields: readonly INodeProperties[], name: string): Field {
	const field = fields.find((known) => known.name === name);
	if (field === undefined) throw new Error(`There is no field ${name}`);
	return field;
}

/** Null, undefined and an empty text say nothing. */
export const isGiven = (value: unknown): boolean =>
	value !== null && value !== undefined && !(typeof value === 'string' && value.trim() === '');

/** What was given for a field; its default when the operation does not show it, or it is not added. */
export function givenFor(context: NodeContext, field: Field): unknown {
	const [name, ...path] = field.name.split('.');
	if (path.length === 0) return context.parameter(name, field.default);
	let value = context.parameter(name, {});
	let collection = name;
	for (const step of path) {
		if (!isGiven(value)) return field.default;
		if (!isRecord(value) || isDate(value)) {
			throw fieldError(
				context,
				`'${COLLECTIONS[collection] ?? collection}' is not a collection of fields`,
				{
					description: 'Add its fields one by one, and use expressions for their values.',
				},
			);
		}
		value = value[step];
		collection = step;
	}
	return value === undefined ? field.default : value;
}

const COLLECTIONS: Record<string, string> = {
	options: 'Options',
	filters: 'Filters',
	batching: 'Batching',
	batch: 'Batching',
};
