import { ODataError } from './odataError.mts';

export type Literal =
	| { kind: 'string'; value: string }
	| { kind: 'guid'; value: string }
	| { kind: 'date'; value: number }
	| { kind: 'number'; value: number }
	| { kind: 'boolean'; value: boolean }
	| { kind: 'null' };

export type Token =
	| { kind: 'literal'; literal: Literal; text: string }
	| { kind: 'word'; text: string }
	| { kind: 'mark'; text: '(' | ')' | ',' | '/' | ':' };

type Rule = [RegExp, (text: string) => Token | undefined];

const literal = (text: string, value: Literal): Token => ({
	kind: 'literal',
	literal: value,
	text,
});

const rules: Rule[] = [
	[/\s+/y, () => undefined],
	[
		/'(?:[^']|'')*'/y,
		(text) => literal(text, { kind: 'string', value: text.slice(1, -1).replaceAll("''", "'") }),
	],
	[
		/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])/iy,
		(text) => literal(text, { kind: 'guid', value: text.toLowerCase() }),
	],
	[
		/\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?)?(?:Z|[+-]\d{2}:\d{2})(?!\w)/y,
		(text) => literal(text, { kind: 'date', value: timeOf(text) }),
	],
	[/-?\d+(?:\.\d+)?(?![\w-])/y, (text) => literal(text, { kind: 'number', value: Number(text) })],
	[/[A-Za-z_]\w*/y, (text) => word(text)],
	[/[(),/:]/y, (text) => ({ kind: 'mark', text: text as '(' })],
];

/** Splits a `$filter` into tokens. */
export function tokensOf(filter: string): Token[] {
	const tokens: Token[] = [];
	let position = 0;
	while (position < filter.length) {
		const found = matchAt(filter, position);
		if (found === undefined) {
			throw new ODataError(`Syntax error at position ${position} in '${filter}'.`);
		}
		if (found.token !== undefined) tokens.push(found.token);
		position = found.end;
	}
	return tokens;
}

function matchAt(filter: string, position: number) {
	for (const [pattern, make] of rules) {
		pattern.lastIndex = position;
		const match = pattern.exec(filter);
		if (match !== null) return { token: make(match[0]), end: pattern.lastIndex };
	}
	return undefined;
}

function word(text: string): Token {
	if (text === 'true' || text === 'false') {
		return literal(text, { kind: 'boolean', value: text === 'true' });
	}
	return text === 'null' ? literal(text, { kind: 'null' }) : { kind: 'word', text };
}

/** Milliseconds; a date alone (`2018-10-20Z`) is its midnight. */
function timeOf(text: string): number {
	const time = Date.parse(text.includes('T') ? text : `${text.slice(0, 10)}T00:00:00Z`);
	if (Number.isNaN(time)) throw new ODataError(`'${text}' is not a date.`);
	return time;
}
