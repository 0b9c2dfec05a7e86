/**
 * Output of programs that write UTF-16, such as wsl.exe: the device takes its bytes for one
 * character each, so that a NUL stands behind every character and a search finds no word.
 */

import { codeUnits, textOfUnits } from './codeUnits';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The text without the NULs of lines in which every second character is one; the text itself when
 * it has no such line. What stands on other lines is not touched. Linear in the length.
 */
export function withoutUtf16Nuls(text: string): string {
	if (!text.includes('\0')) return text;
	const units = codeUnits(text);
	let length = 0;
	let lineStart = 0;
	let wasUtf16 = false;
	for (let at = 0; at <= units.length; at++) {
		const unit = at < units.length ? units[at] : LINE_FEED;
		if (unit === LINE_FEED || unit === CARRIAGE_RETURN) {
			// The NUL of a line break stands alone between it and the next one.
			const isBreak: boolean = wasUtf16 && length === lineStart + 1 && units[lineStart] === 0;
			const isUtf16: boolean =
				isBreak || isUtf16Line(units, lineStart, length, at === units.length);
			if (length > lineStart) wasUtf16 = isUtf16;
			if (isUtf16) length = withoutNuls(units, lineStart, length);
			lineStart = length + 1;
		}
		if (at < units.length) units[length++] = unit;
	}
	return length === units.length ? text : textOfUnits(units, length);
}

/** A line can begin with the NUL of the line break before it, and the last one lacks its own. */
function isUtf16Line(units: Uint16Array, lineStart: number, end: number, isLast: boolean): boolean {
	const start = lineStart < end && units[lineStart] === 0 ? lineStart + 1 : lineStart;
	const characters = end - start;
	if (characters < 2 || (characters % 2 === 1 && !isLast)) return false;
	for (let at = start; at < end; at++) {
		if ((units[at] === 0) !== ((at - start) % 2 === 1)) return false;
	}
	return true;
}

/** Moves the other characters to the front, and says where they end. */
function withoutNuls(units: Uint16Array, start: number, end: number): number {
	let kept = start;
	for (let at = start; at < end; at++) if (units[at] !== 0) units[kept++] = units[at];
	return kept;
}
