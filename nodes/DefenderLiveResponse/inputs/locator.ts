/** Fields in which something is chosen from a list, or named. */
import { isRecord } from '../domain/record';
import { givenFor, isGiven, type Field } from './field';
import type { NodeContext } from './nodeContext';
import { asText } from './text';

/** `mode` says how the value is meant; without it, its shape has to. */
export interface Located {
	value: string;
	mode: string | undefined;
}

const MODES = ['list', 'name', 'id'];

/**
 * An expression may give the whole field or its value, and may give either of them as a bare value,
 * or as another node's locator with its mode.
 */
export function locatedBy(context: NodeContext, field: Field): Located {
	let value = givenFor(context, field);
	let mode: string | undefined;
	for (let depth = 0; depth < 2 && isRecord(value) && 'value' in value; depth++) {
		const named = String(value.mode).toLowerCase();
		mode = MODES.includes(named) ? named : undefined;
		value = value.value;
	}
	return { value: isGiven(value) ? asText(context, field, value) : '', mode };
}

/** Of what has only one kind of value: a file's name, the id of a machine action. */
export const valueLocatedBy = (context: NodeContext, field: Field): string =>
	locatedBy(context, field).value;
