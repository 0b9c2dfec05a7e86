/** How much a JSON text holds, counted before it is parsed: parsed values take far more memory than text. */
import { closingQuote } from './jsonString';

/**
 * Strings, brackets that open, and commas. The most expensive ones, keys of objects of which no two
 * are alike, take about 120 bytes each once they are parsed.
 */
export const MOST_TOKENS = 500_000;

const TOKEN = /["{}[\],]/g;

/**
 * The list or object that begins at `start`: how many tokens it has, and where it ends. `end` is
 * null when it never ends, or has more than `most`; nothing else about it is checked.
 */
export function nestedValue(
	text: string,
	start: number,
	most: number,
): { tokens: number; end: number | null } {
	let depth = 0;
	let tokens = 0;
	TOKEN.lastIndex = start;
	while (tokens <= most && TOKEN.test(text)) {
		const at = TOKEN.lastIndex - 1;
		const token = text[at];
		if (token === ']' || token === '}') {
			depth--;
			if (depth === 0) return { tokens, end: at + 1 };
			continue;
		}
		tokens++;
		if (token === '[' || token === '{') depth++;
		if (token !== '"') continue;
		const end = closingQuote(text, at + 1);
		if (end < 0) break;
		TOKEN.lastIndex = end + 1;
	}
	return { tokens, end: null };
}

/** Whether a whole JSON text has too many tokens to be parsed. */
export function hasTooManyTokens(text: string): boolean {
	if (text.length <= MOST_TOKENS) return false;
	const start = text.search(/[^\s\ufeff]/);
	const isNested = text[start] === '[' || text[start] === '{';
	return isNested && nestedValue(text, start, MOST_TOKENS).tokens > MOST_TOKENS;
}
