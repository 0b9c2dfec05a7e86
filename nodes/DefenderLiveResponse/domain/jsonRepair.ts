/**
 * Repairs the two ways in which a result file can be almost JSON: raw control characters inside
 * strings, and bytes after the closing brace. Nothing else is guessed at.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** A file of nothing but control characters would grow sixfold, and take n8n's memory with it. */
const MOST_ADDED = 64 * 1024 * 1024;
const CHARACTERS_AT_ONCE = 64 * 1024;

/**
 * The text with raw control characters inside strings escaped and everything after the first
 * complete value cut off. Null when no value is ever completed, or when more than 64 Mi characters
 * would have to be added. Time and memory are linear in the length.
 */
export function repairJson(text: string): string | null {
	const repaired = new Pieces(text);
	let nextControl = -1;
	let depth = 0;

	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (unit === QUOTE) {
			const start = at + 1;
			at = endOfString(text, start);
			if (at < 0) return null;
			if (nextControl < start) nextControl = controlFrom(text, start);
			if (nextControl >= at) continue;
			for (let from = start; from < at;) {
				const to = endOfPart(text, from, at);
				repaired.replace(from, to, escapeControls(text.slice(from, to)));
				if (repaired.added > MOST_ADDED) return null;
				from = to;
			}
		} else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
			depth++;
		} else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
			depth--;
			if (depth === 0) return repaired.upTo(at + 1);
			if (depth < 0) return null;
		}
	}
	return null;
}

/** Where the closing quote of a string is; -1 when there is none. */
function endOfString(text: string, start: number): number {
	for (let at = text.indexOf('"', start); at >= 0; at = text.indexOf('"', at + 1)) {
		let backslashes = 0;
		while (at - backslashes > start && text.charCodeAt(at - backslashes - 1) === BACKSLASH) {
			backslashes++;
		}
		if (backslashes % 2 === 0) return at;
	}
	return -1;
}

/** A part that does not end inside an escape. */
function endOfPart(text: string, from: number, end: number): number {
	let to = Math.min(from + CHARACTERS_AT_ONCE, end);
	while (to < end && text.charCodeAt(to - 1) === BACKSLASH) to++;
	return to;
}

const CONTROL = /[^\u0020-\uffff]/g;
const CONTROL_AFTER_BACKSLASH = /\\[^\u0020-\uffff]/;

/** Of the next control character; beyond the text when there is none. */
function controlFrom(text: string, start: number): number {
	CONTROL.lastIndex = start;
	return CONTROL.test(text) ? CONTROL.lastIndex - 1 : text.length;
}

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
const EACH = ESCAPES.map((_, unit) => new RegExp(String.fromCharCode(unit), 'g'));

/** Replacing every occurrence of one character is fast; a text with many kinds is another matter. */
const MOST_KINDS = 4;

function escapeControls(text: string): string {
	if (CONTROL_AFTER_BACKSLASH.test(text)) return escapeOneByOne(text);
	let escaped = text;
	let at = 0;
	for (let kinds = 0; kinds < MOST_KINDS; kinds++) {
		at = controlFrom(escaped, at);
		if (at === escaped.length) return escaped;
		const unit = escaped.charCodeAt(at);
		escaped = escaped.replace(EACH[unit], ESCAPES[unit]);
	}
	return escapeOneByOne(escaped);
}

function escapeOneByOne(text: string): string {
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

const PIECES_AT_ONCE = 4096;

/** A text with parts replaced; joined in blocks, since every piece costs memory. */
class Pieces {
	/** By how much the text has grown. */
	added = 0;
	private readonly blocks: string[] = [];
	private pieces: string[] = [];
	private copied = 0;

	constructor(private readonly text: string) {}

	replace(from: number, to: number, replacement: string): void {
		if (from > this.copied) this.pieces.push(this.text.slice(this.copied, from));
		this.pieces.push(replacement);
		this.copied = to;
		this.added += replacement.length - (to - from);
		if (this.pieces.length < PIECES_AT_ONCE) return;
		this.blocks.push(this.pieces.join(''));
		this.pieces = [];
	}

	upTo(end: number): string {
		this.pieces.push(this.text.slice(this.copied, end));
		return this.blocks.join('') + this.pieces.join('');
	}
}
