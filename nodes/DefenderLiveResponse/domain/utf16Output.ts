/**
 * Output of programs that write UTF-16, such as wsl.exe: the device takes its bytes for one
 * character each, so that a NUL stands behind every character and a search finds no word.
 */

import { codeUnits, LARGEST_PIECE, textOfUnits } from './codeUnits';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The text without the NULs of lines in which every second character is one; the text itself when
 * it has no such line. What stands on other lines is not touched. Linear in the length.
 */
export function withoutUtf16Nuls(text: string): string {
	if (!text.includes('\0')) return text;
	const lines: string[] = [];
	let wasUtf16 = false;
	let length = 0;
	for (let from = 0; from < text.length;) {
		const end = pieceEnd(text, from);
		const units = codeUnits(text.slice(from, end));
		const kept = keptUnits(units, wasUtf16);
		lines.push(textOfUnits(units, kept.length));
		length += kept.length;
		wasUtf16 = kept.wasUtf16;
		from = end;
	}
	return length === text.length ? text : lines.join('');
}

/** A piece holds whole lines, and more than the largest one only for a line that is longer. */
function pieceEnd(text: string, from: number): number {
	const most = from + LARGEST_PIECE;
	if (most >= text.length) return text.length;
	const last = text.lastIndexOf('\n', most - 1);
	const lineBreak = last >= from ? last : text.indexOf('\n', most);
	return lineBreak < 0 ? text.length : lineBreak + 1;
}

/** Moves what stays of these lines to the front, and says how much it is. */
function keptUnits(units: Uint16Array, wasUtf16: boolean): { length: number; wasUtf16: boolean } {
	let length = 0;
	for (let start = 0; start <= units.length;) {
		const end = lineEnd(units, start);
		// A line can begin with the NUL of the line break before it.
		const first = start < end && units[start] === 0 ? start + 1 : start;
		const isBreak = wasUtf16 && first > start && first === end;
		const isUtf16 = isBreak || isUtf16Line(units, first, end);
		if (end > start) wasUtf16 = isUtf16;
		if (isUtf16) for (let at = first; at < end; at += 2) units[length++] = units[at];
		else if (length === start) length = end;
		else for (let at = start; at < end; at++) units[length++] = units[at];
		if (end < units.length) units[length++] = units[end];
		start = end + 1;
	}
	return { length, wasUtf16 };
}

function lineEnd(units: Uint16Array, start: number): number {
	let end = start;
	while (end < units.length && units[end] !== LINE_FEED && units[end] !== CARRIAGE_RETURN) end++;
	return end;
}

/** Whether every second character is a NUL, and no other; the last line lacks its last one. */
function isUtf16Line(units: Uint16Array, first: number, end: number): boolean {
	const isCut = (end - first) % 2 === 1;
	if (end - first < 2 || (isCut && end < units.length)) return false;
	for (let at = first; at + 1 < end; at += 2) {
		if (units[at] === 0 || units[at + 1] !== 0) return false;
	}
	return !isCut || units[end - 1] !== 0;
}
