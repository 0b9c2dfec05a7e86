/** Fields that are lists of entries with fields of their own. */
import { isRecord } from '../domain/record';
import { isDate } from './date';
import { givenFor, isGiven, type Field } from './field';
import { entryInputs, type ItemInputs } from './nodeContext';
import { notA } from './rejection';

/** Each entry, to be read as if its fields were the node's. `name` is that of the list in the field. */
export function entriesOf(context: ItemInputs, field: Field, name: string): ItemInputs[] {
	const given = givenFor(context, field);
	const list = isRecord(given) && !isDate(given) ? given[name] : given;
	if (!isGiven(list)) return [];
	const entries: unknown[] = Array.isArray(list) ? list : [list];
	const stored = storedEntries(context, field, name);
	return entries.map((entry, at) => {
		if (isRecord(entry) && !isDate(entry)) {
			return entryInputs(context, entry, Array.isArray(stored) ? stored[at] : stored);
		}
		throw notA(
			context,
			field,
			'a list of entries',
			Array.isArray(list) ? entry : given,
			'Add them one by one, and use expressions for the values of their fields.',
		);
	});
}

/** The list as the workflow holds it; the expression that gives the list, or all of the field. */
function storedEntries(context: ItemInputs, field: Field, name: string): unknown {
	const stored = context.stored(field.name);
	return isRecord(stored) ? stored[name] : stored;
}
