import { ODataError } from './odataError.mts';
import type { FieldType } from './schema.mts';
import type { Literal } from './tokens.mts';

/** Tells whether an entity, as the API shows it, passes. */
export type Predicate = (entity: Readonly<Record<string, unknown>>) => boolean;

export type Comparable = string | number | boolean | null;

const operators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;

export type Operator = (typeof operators)[number];

export function isOperator(word: string): word is Operator {
	return operators.some((operator) => operator === word);
}

/** A field compared with a literal. Throws ODataError when their types do not fit. */
export function comparison(
	name: string,
	type: FieldType,
	operator: Operator,
	literal: Literal,
): Predicate {
	const wanted = valueOf(name, type, literal);
	const ordered = type.kind === 'date' || type.kind === 'number';
	if (operator !== 'eq' && operator !== 'ne' && (!ordered || wanted === null)) {
		throw new ODataError(`'${operator}' does not apply to '${name}'.`);
	}
	return (entity) => {
		const value = fieldValue(entity, name, type);
		switch (operator) {
			case 'eq':
				return value === wanted;
			case 'ne':
				return value !== wanted;
			case 'gt':
				return value !== null && wanted !== null && value > wanted;
			case 'ge':
				return value !== null && wanted !== null && value >= wanted;
			case 'lt':
				return value !== null && wanted !== null && value < wanted;
			case 'le':
				return value !== null && wanted !== null && value <= wanted;
		}
	};
}

/** The literal's value, when its type fits the field's. */
export function valueOf(name: string, type: FieldType, literal: Literal): Comparable {
	if (literal.kind === 'null') return null;
	if (type.kind === 'enum' && literal.kind === 'string') {
		if (!type.values.includes(literal.value)) {
			throw new ODataError(`The string '${literal.value}' is not a valid value of '${name}'.`);
		}
		return literal.value;
	}
	if (type.kind === literal.kind) return literal.value;
	throw new ODataError(
		`A binary operator with incompatible types was detected: '${name}' is ${type.kind}, the literal is ${literal.kind}.`,
	);
}

/** A field's value in the form it compares in. */
export function fieldValue(
	entity: Readonly<Record<string, unknown>>,
	name: string,
	type: FieldType,
): Comparable {
	const value = entity[name];
	if (type.kind === 'date') return typeof value === 'string' ? Date.parse(value) : null;
	if (type.kind === 'guid') return typeof value === 'string' ? value.toLowerCase() : null;
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
		? value
		: null;
}
