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

/**
 * The text with raw control characters inside strings escaped and everything after the first
 * complete value cut off. Null when no value is ever completed, or when more than 64 Mi characters
 * would have to be added. Time and memory are linear in the length.
 */
export function repairJson(text: string): string | null {
	const repaired = new Pieces(text);
	let depth = 0;
	let inString = false;

	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (inString) {
			if (unit === QUOTE) {
				inString = false;
			} else if (unit === BACKSLASH) {
				at++;
				if (text.charCodeAt(at) < 0x20) repaired.replace(at, `\\${escaped(text.charCodeAt(at))}`);
			} else if (unit < 0x20) {
				repaired.replace(at, escaped(unit));
				if (repaired.added > MOST_ADDED) return null;
			}
		} else if (unit === QUOTE) {
			inString = true;
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
const escaped = (unit: number) => ESCAPES[unit];

const PIECES_AT_ONCE = 4096;

/** A text with single characters replaced; joined in blocks, since every piece costs memory. */
class Pieces {
	/** By how much the text has grown. */
	added = 0;
	private readonly blocks: string[] = [];
	private pieces: string[] = [];
	private copied = 0;

	constructor(private readonly text: string) {}

	replace(at: number, replacement: string): void {
		if (at > this.copied) this.pieces.push(this.text.slice(this.copied, at));
		this.pieces.push(replacement);
		this.copied = at + 1;
		this.added += replacement.length - 1;
		if (this.pieces.length < PIECES_AT_ONCE) return;
		this.blocks.push(this.pieces.join(''));
		this.pieces = [];
	}

	upTo(end: number): string {
		this.blocks.push(...this.pieces, this.text.slice(this.copied, end));
		return this.blocks.join('');
	}
}
