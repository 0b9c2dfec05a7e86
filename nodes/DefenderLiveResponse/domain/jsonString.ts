/** Strings of a JSON text: where one ends, and what it says, also with raw control characters in it. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Where the closing quote is of the string whose inside begins at `start`; `from` is where to go on
 * looking. Stops at a quote that is looked at later, after `mostQuotes` escaped ones.
 */
export function findClosingQuote(
	text: string,
	start: number,
	from = start,
	mostQuotes = Infinity,
): { kind: 'found' | 'later'; at: number } | { kind: 'none' } {
	let at = text.indexOf('"', from);
	for (let quotes = 0; at >= 0; quotes++) {
		if (quotes >= mostQuotes) return { kind: 'later', at };
		if (backslashesBefore(text, at, start) % 2 === 0) return { kind: 'found', at };
		at = text.indexOf('"', at + 1);
	}
	return { kind: 'none' };
}

function backslashesBefore(text: string, at: number, from: number): number {
	let first = at;
	while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
	return at - first;
}

/** What a string says, from quote to quote; null when the text is not exactly one JSON string. */
export function stringValue(quoted: string): string | null {
	if (quoted.length <= SHORT_STRING && isPlain(quoted)) return quoted.slice(1, -1);
	// Every transcript of several lines fails here if its control characters are raw.
	return quoted.includes('\n') ? null : parsedString(quoted);
}

/** Such as keys, for which JSON.parse would take longer. */
const SHORT_STRING = 64;

function isPlain(quoted: string): boolean {
	for (let at = 1; at < quoted.length - 1; at++) {
		const unit = quoted.charCodeAt(at);
		if (unit < 0x20 || unit === QUOTE || unit === BACKSLASH) return false;
	}
	return true;
}

function parsedString(quoted: string): string | null {
	try {
		const value: unknown = JSON.parse(quoted);
		return typeof value === 'string' ? value : null;
	} catch {
		return null;
	}
}

/** Read at once: small enough to stay in the processor's cache, and to grow sixfold. */
const PART = 64 * 1024;

/**
 * What the inside of a string with raw control characters says, as if they had been escaped; null when it is no
 * string even so. Part by part, so that its memory does not grow with what escaping adds.
 */
export function damagedStringValue(inside: string): string | null {
	const parts: string[] = [];
	for (let from = 0; from < inside.length;) {
		const to = endOfPart(inside, from);
		const value = damagedPartValue(inside.slice(from, to));
		if (value === null) return null;
		parts.push(value);
		from = to;
	}
	return parts.join('');
}

const LONGEST_ESCAPE = '\\u0000'.length;

/** Never inside an escape. */
function endOfPart(text: string, from: number): number {
	const to = from + PART;
	if (to >= text.length) return text.length;
	const nearEnd = to - LONGEST_ESCAPE + 1;
	const last = nearEnd + text.slice(nearEnd, to).lastIndexOf('\\');
	if (last < nearEnd) return to;
	return backslashesBefore(text, last, from) % 2 === 0 ? last : to;
}

function damagedPartValue(part: string): string | null {
	// Without a backslash, it says what it is.
	if (!part.includes('\\')) return part.includes('"') ? null : part;
	const likely = escapeUsual(part);
	const value = likely === null ? null : parsedString(`"${likely}"`);
	return value ?? (CONTROL.test(part) ? parsedString(`"${escapeAll(part)}"`) : null);
}

const CONTROL = /[^\u0020-\uffff]/;

const SHORT: Record<number, string> = {
	0x08: '\\b',
	0x09: '\\t',
	0x0a: '\\n',
	0x0c: '\\f',
	0x0d: '\\r',
};
const ESCAPES = Array.from(
	{ length: 0x20 },
	(_, unit) => SHORT[unit] ?? `\\u${unit.toString(16).padStart(4, '0')}`,
);

const USUAL = ['\n', '\r', '\t', '\0'].map((character) => ({
	character,
	behindBackslash: `\\${character}`,
	each: new RegExp(character, 'g'),
	escape: ESCAPES[character.charCodeAt(0)],
}));

/** Replaces the usual control characters, which is fast; null when a backslash stands before one. */
function escapeUsual(text: string): string | null {
	let escaped = text;
	for (const { character, behindBackslash, each, escape } of USUAL) {
		if (!text.includes(character)) continue;
		if (text.includes(behindBackslash)) return null;
		escaped = escaped.replace(each, escape);
	}
	return escaped;
}

/** A backslash in front of a control character is one that should have been escaped as well. */
function escapeAll(text: string): string {
	const pieces: string[] = [];
	let copied = 0;
	for (let at = 0; at < text.length; at++) {
		const isEscaped = text.charCodeAt(at) === BACKSLASH;
		if (isEscaped) at++;
		const unit = text.charCodeAt(at);
		if (unit >= 0x20 || at >= text.length) continue;
		pieces.push(text.slice(copied, at), isEscaped ? '\\' : '', ESCAPES[unit]);
		copied = at + 1;
	}
	pieces.push(text.slice(copied));
	return pieces.join('');
}
