/** Fields that are numbers. Their bounds are those that the editor holds to. */
import type { NodeContext } from './nodeContext';
import { givenFor, isGiven, type Field } from './field';
import { notA } from './rejection';

/** Whole numbers go to the API, which takes 32 bits. */
const LARGEST_WHOLE = 0x7fffffff;

/** Checked here as well: expressions and AI tools get around the editor's own checks. */
export function numberOf(context: NodeContext, field: Field): number {
	const value = givenFor(context, field);
	const number = isGiven(value) ? numberFrom(value) : Number(field.default);
	const { minValue, numberPrecision } = field.typeOptions ?? {};
	const isWhole = numberPrecision === 0;
	const isRight =
		number !== null &&
		number >= (minValue ?? -Infinity) &&
		(!isWhole || (Number.isInteger(number) && number <= LARGEST_WHOLE));
	if (isRight) return number;
	const kind = isWhole ? 'a whole number' : 'a number';
	throw notA(context, field, `${kind} of ${minValue ?? 0} or more`, value, NUMBER_WAY_OUT);
}

const NUMBER_WAY_OUT =
	'Enter a number, or an expression that returns one, such as {{ $json.count }}.';

/** The same for a number that must not be 0, however small it is. */
export function positiveOf(context: NodeContext, field: Field): number {
	const value = givenFor(context, field);
	const number = isGiven(value) ? numberFrom(value) : Number(field.default);
	if (number !== null && number > 0) return number;
	throw notA(context, field, 'a number above 0', value, NUMBER_WAY_OUT);
}

/** Null for a value that is no number. */
function numberFrom(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	const isNumeric = typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value.trim());
	return isNumeric ? Number(value) : null;
}
