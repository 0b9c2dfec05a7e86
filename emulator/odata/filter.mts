import { ODataError } from './odataError.mts';
import type { FieldType, Schema } from './schema.mts';
import { tokensOf, type Literal, type Token } from './tokens.mts';

/** Tells whether an entity, as the API shows it, passes. */
export type Predicate = (entity: Readonly<Record<string, unknown>>) => boolean;

type Operator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
type Comparable = string | number | boolean | null;

const operators: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const functions: readonly string[] = ['startswith', 'contains'];

/**
 * The part of OData's `$filter` that the API is known to take: comparisons, `and`, `or`, parentheses, `in (...)`,
 * `startswith`, `contains`, and `any` on collections. Throws ODataError on everything else.
 */
export function parseFilter(filter: string, schema: Schema): Predicate {
	const parser = new FilterParser(tokensOf(filter), schema);
	return parser.parse();
}

class FilterParser {
	private readonly tokens: Token[];
	private readonly schema: Schema;
	private position = 0;
	/** The variables of the `any` expressions around, and the collection each goes over. */
	private readonly variables = new Map<string, string>();

	constructor(tokens: Token[], schema: Schema) {
		this.tokens = tokens;
		this.schema = schema;
	}

	parse(): Predicate {
		const predicate = this.either();
		if (this.position < this.tokens.length) this.fail();
		return predicate;
	}

	private either(): Predicate {
		let left = this.both();
		while (this.takeWord('or')) {
			const [first, second] = [left, this.both()];
			left = (entity) => first(entity) || second(entity);
		}
		return left;
	}

	private both(): Predicate {
		let left = this.term();
		while (this.takeWord('and')) {
			const [first, second] = [left, this.term()];
			left = (entity) => first(entity) && second(entity);
		}
		return left;
	}

	private term(): Predicate {
		if (this.takeMark('(')) {
			const inner = this.either();
			this.expectMark(')');
			return inner;
		}
		const name = this.expectWord();
		if (functions.includes(name)) return this.call(name);
		const type = this.typeOf(name);
		if (this.takeMark('/')) return this.any(name, type);
		if (type.kind === 'strings') throw new ODataError(`'${name}' is a collection; use any().`);
		const operator = this.expectWord();
		if (operator === 'in') return this.oneOf(name, type);
		if (!operators.includes(operator)) this.fail();
		return comparison(name, type, operator as Operator, this.expectLiteral());
	}

	private call(name: string): Predicate {
		this.expectMark('(');
		const field = this.expectWord();
		const type = this.typeOf(field);
		if (type.kind !== 'string') throw new ODataError(`${name}() needs a string field.`);
		this.expectMark(',');
		const literal = this.expectLiteral();
		if (literal.kind !== 'string') throw new ODataError(`${name}() needs a string.`);
		this.expectMark(')');
		const { value } = literal;
		return (entity) => {
			const text = entity[field];
			if (typeof text !== 'string') return false;
			return name === 'startswith' ? text.startsWith(value) : text.includes(value);
		};
	}

	private oneOf(name: string, type: FieldType): Predicate {
		this.expectMark('(');
		const allowed: Comparable[] = [];
		do {
			const literal = this.expectLiteral();
			const guidInQuotes = type.kind === 'guid' && literal.kind === 'string';
			allowed.push(guidInQuotes ? literal.value.toLowerCase() : valueOf(name, type, literal));
		} while (this.takeMark(','));
		this.expectMark(')');
		return (entity) => allowed.includes(fieldValue(entity, name, type));
	}

	private any(collection: string, type: FieldType): Predicate {
		if (type.kind !== 'strings' || !this.takeWord('any')) this.fail();
		this.expectMark('(');
		const variable = this.expectWord();
		this.expectMark(':');
		this.variables.set(variable, collection);
		const inner = this.either();
		this.variables.delete(variable);
		this.expectMark(')');
		return (entity) => {
			const entries = entity[collection];
			if (!Array.isArray(entries)) return false;
			return entries.some((entry: unknown) => inner({ ...entity, [variable]: entry }));
		};
	}

	private typeOf(name: string): FieldType {
		if (this.variables.has(name)) return { kind: 'string' };
		const type = Object.hasOwn(this.schema, name) ? this.schema[name] : undefined;
		if (type === undefined) {
			throw new ODataError(`Could not find a property named '${name}' that can be filtered.`);
		}
		return type;
	}

	private takeWord(text: string): boolean {
		return this.take('word', text);
	}

	private takeMark(text: string): boolean {
		return this.take('mark', text);
	}

	private take(kind: Token['kind'], text: string): boolean {
		const token = this.tokens[this.position];
		if (token?.kind !== kind || token.text !== text) return false;
		this.position += 1;
		return true;
	}

	private expectMark(text: string): void {
		if (!this.takeMark(text)) this.fail();
	}

	private expectWord(): string {
		const token = this.tokens[this.position];
		if (token?.kind !== 'word') return this.fail();
		this.position += 1;
		return token.text;
	}

	private expectLiteral(): Literal {
		const token = this.tokens[this.position];
		if (token?.kind !== 'literal') return this.fail();
		this.position += 1;
		return token.literal;
	}

	private fail(): never {
		const token = this.tokens[this.position];
		throw new ODataError(
			token === undefined
				? 'The filter ends too early.'
				: `Syntax error: '${token.text}' is not expected here.`,
		);
	}
}

function comparison(
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
function valueOf(name: string, type: FieldType, literal: Literal): Comparable {
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

function fieldValue(
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
