/** Strings of a JSON text: where one ends, and what it says, also with raw control characters in it. */

import { codeUnits, LARGEST_PIECE, textOfUnits } from './codeUnits';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;

/** Beyond these, looking at each character is faster than looking for each quote, and behind it. */
const FEW_QUOTES = 32;
const FEW_BACKSLASHES = 64;

/**
 * Where the closing quote is of the string whose inside begins at `start`; -1 when there is none.
 * Gives `null` instead when a few quotes were not it, for which there is a slower way.
 */
export function nearClosingQuote(text: string, start: number): number | null {
	let at = text.indexOf('"', start);
	for (let quotes = 0; at >= 0; quotes++) {
		const backslashes = backslashesBefore(text, at, start);
		if (backslashes > FEW_BACKSLASHES || quotes === FEW_QUOTES) return null;
		if (backslashes % 2 === 0) return at;
		at = text.indexOf('"', at + 1);
	}
	return -1;
}

/** How many there are, or that there are more than a few. */
function backslashesBefore(text: string, at: number, start: number): number {
	const from = Math.max(start, at - FEW_BACKSLASHES - 1);
	let first = at;
	while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
	return at - first;
}

/** The same for any number of quotes. */
export function closingQuote(text: string, start: number): number {
	const near = nearClosingQuote(text, start);
	if (near !== null) return near;
	let isEscaped = false;
	let pieceLength = 256;
	for (let from = start; from < text.length;) {
		const units = codeUnits(text.slice(from, from + pieceLength));
		for (let at = 0; at < units.length; at++) {
			if (isEscaped) isEscaped = false;
			else if (units[at] === BACKSLASH) isEscaped = true;
			else if (units[at] === QUOTE) return from + at;
		}
		from += units.length;
		pieceLength = Math.min(pieceLength * 2, LARGEST_PIECE);
	}
	return -1;
}

/** What a string says, from quote to quote; null when the text is not exactly one JSON string. */
export function stringValue(quoted: string): string | null {
	if (quoted.length <= SHORT_STRING && isPlain(quoted)) return quoted.slice(1, -1);
	// Every transcript of several lines fails here if its control characters are raw.
	if (quoted.includes('\n')) return null;
	try {
		const value: unknown = JSON.parse(quoted);
		return typeof value === 'string' ? value : null;
	} catch {
		return null;
	}
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

/** Of \u and its four digits. */
const LONGEST_ESCAPE = 6;

/**
 * The string that begins with `inside` and ends with its first quote, or with it: what it says, as if
 * raw control characters in it had been escaped, and how long it is. Null when it is no string even so.
 * A backslash in front of such a character is taken for a character as well.
 */
export function damagedString(
	inside: string,
): { value: string; length: number; isDamaged: boolean } | null {
	const values: string[] = [];
	let isDamaged = false;
	let start = 0;
	let isEnd = false;
	while (!isEnd && start < inside.length) {
		const units = codeUnits(inside.slice(start, start + LARGEST_PIECE));
		const isLast = start + units.length === inside.length;
		let length = 0;
		let at = 0;
		for (; at < units.length; at++) {
			let unit = units[at];
			if (unit === QUOTE) {
				isEnd = true;
				break;
			}
			if (unit === BACKSLASH) {
				if (!isLast && at + LONGEST_ESCAPE > units.length) break;
				unit = units[++at];
				if (unit === LOWER_U) {
					unit = hexadecimal(units, at + 1);
					at += 4;
				} else if (unit < 0x20) {
					units[length++] = BACKSLASH;
					isDamaged = true;
				} else {
					unit = unit < ESCAPED.length ? ESCAPED[unit] : NONE;
				}
				if (!(unit < NONE)) return null;
			} else if (unit < 0x20) {
				isDamaged = true;
			}
			units[length++] = unit;
		}
		values.push(textOfUnits(units, length));
		start += at;
	}
	return { value: values.join(''), length: start, isDamaged };
}

/** Stands for what no escape means. */
const NONE = 0x10000;

/** By what stands behind the backslash. */
const ESCAPED = Uint32Array.from({ length: 0x80 }, (_, unit) => {
	const at = '"\\/bfnrt'.indexOf(String.fromCharCode(unit));
	return at < 0 ? NONE : '"\\/\b\f\n\r\t'.charCodeAt(at);
});

function hexadecimal(units: Uint16Array, from: number): number {
	let value = 0;
	for (let at = from; at < from + 4; at++) {
		const digit = '0123456789abcdef'.indexOf(String.fromCharCode(units[at] | 0x20));
		if (digit < 0 || !(units[at] >= 0x30)) return NONE;
		value = value * 16 + digit;
	}
	return value;
}
