/** Fields that are on or off. */
import type { NodeContext } from './nodeContext';
import { givenFor, isGiven, type Field } from './field';
import { notA } from './rejection';

/** A webhook gives "true", a database 1. */
export function booleanOf(context: NodeContext, field: Field): boolean {
	const value = givenFor(context, field);
	if (!isGiven(value)) return field.default === true;
	const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (word === true || word === 'true' || word === 1 || word === '1') return true;
	if (word === false || word === 'false' || word === 0 || word === '0') return false;
	throw notA(context, field, 'true or false', value, 'Use true, false, 1 or 0.');
}
