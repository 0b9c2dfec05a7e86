/** Fields whose value is one of a fixed set, or some of them; lists of other values. */
import type { ChoiceField } from '../descriptions/choice';
import { isRecord } from '../domain/record';
import type { NodeContext } from './nodeContext';
import { givenFor, isGiven, type Field } from './field';
import { fieldError } from './rejection';
import { asText } from './text';

/** One of the values that the editor offers; its default when nothing is given. */
export function choiceOf<Choice extends string>(
	context: NodeContext,
	field: ChoiceField<Choice>,
): Choice {
	const value = givenFor(context, field);
	const choices = field.options.map((option) => option.value);
	return chosen(context, field, isGiven(value) ? value : field.default, choices);
}

/** Some of them; none when nothing is given. */
export const choicesOf = <Choice extends string>(
	context: NodeContext,
	field: Field,
	choices: readonly Choice[],
): Choice[] => listOf(context, field).map((value) => chosen(context, field, value, choices));

/** What is not among them would be refused by the API without a word, or be taken for another. */
function chosen<Choice extends string>(
	context: NodeContext,
	field: Field,
	value: unknown,
	choices: readonly Choice[],
): Choice {
	const text = asText(context, field, value).toLowerCase();
	const choice = choices.find((known) => known.toLowerCase() === text);
	if (choice !== undefined) return choice;
	throw fieldError(context, `'${field.displayName}' has an unknown value`, {
		description: `It can be ${choices.join(', ')}.`,
	});
}

/** Expressions give a list, or its values in one text with commas; so may the value of a locator. */
export function listOf(context: NodeContext, field: Field): string[] {
	const given = givenFor(context, field);
	const value = isRecord(given) && 'value' in given ? given.value : given;
	const values: unknown[] = Array.isArray(value) ? value : asText(context, field, value).split(',');
	return values.map((entry) => asText(context, field, entry)).filter((entry) => entry !== '');
}
