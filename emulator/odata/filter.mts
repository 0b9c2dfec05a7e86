import {
	comparison,
	fieldValue,
	isOperator,
	valueOf,
	type Comparable,
	type Predicate,
} from './comparison.mts';
import type { Lists } from '../openFacts.mts';
import { notAllowed, ODataError } from './odataError.mts';
import type { FieldType, Schema } from './schema.mts';
import { tokensOf, type Literal, type Token } from './tokens.mts';

const functions: readonly string[] = ['startswith', 'contains'];

/**
 * The part of OData's `$filter` that the API is known to take: comparisons, `and`, `or`, parentheses, `in (...)`,
 * `startswith`, `contains`, and `any` on collections. Throws ODataError on everything else.
 */
export function parseFilter(filter: string, schema: Schema, lists: Lists): Predicate {
	const parser = new FilterParser(tokensOf(filter), schema, lists);
	return parser.parse();
}

/** As ASP.NET OData counts: the operator or function, the property, the entity it belongs to, and the literal. */
const nodesOfTerm = 4;

class FilterParser {
	private readonly tokens: Token[];
	private readonly schema: Schema;
	private readonly lists: Lists;
	private position = 0;
	private nodes = 0;
	/** The variables of the `any` expressions around, and the collection each goes over. */
	private readonly variables = new Map<string, string>();

	constructor(tokens: Token[], schema: Schema, lists: Lists) {
		this.tokens = tokens;
		this.schema = schema;
		this.lists = lists;
	}

	parse(): Predicate {
		const predicate = this.either();
		if (this.position < this.tokens.length) this.fail();
		if (this.nodes > this.lists.maxFilterNodes) {
			throw notAllowed(`The node count limit of '${this.lists.maxFilterNodes}' has been exceeded.`);
		}
		return predicate;
	}

	private either(): Predicate {
		let left = this.both();
		while (this.takeWord('or')) {
			this.nodes += 1;
			const [first, second] = [left, this.both()];
			left = (entity) => first(entity) || second(entity);
		}
		return left;
	}

	private both(): Predicate {
		let left = this.term();
		while (this.takeWord('and')) {
			this.nodes += 1;
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
		this.nodes += nodesOfTerm;
		const name = this.expectWord();
		if (functions.includes(name)) return this.call(name);
		const type = this.typeOf(name);
		if (this.takeMark('/')) return this.any(name, type);
		if (type.kind === 'strings') throw new ODataError(`'${name}' is a collection; use any().`);
		const operator = this.expectWord();
		if (operator === 'in') return this.oneOf(name, type);
		if (!isOperator(operator)) return this.fail();
		return comparison(name, type, operator, this.expectLiteral());
	}

	private call(name: string): Predicate {
		if (name === 'contains' && !this.lists.takesContains) {
			throw notAllowed("Function 'contains' is not allowed.");
		}
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
		if (!this.lists.takesIn) throw notAllowed("Operator 'in' is not supported.");
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
