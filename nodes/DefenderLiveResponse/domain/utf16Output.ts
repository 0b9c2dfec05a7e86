/**
 * Output of programs that write UTF-16, such as wsl.exe: the device takes its bytes for one
 * character each, so that a NUL stands behind every character and a search finds no word.
 */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The text without the NULs of lines in which every second character is one; the text itself when
 * it has no such line. What stands on other lines is not touched. Linear in the length.
 */
export function withoutUtf16Nuls(text: string): string {
	if (!text.includes('\0')) return text;
	const kept = new Uint16Array(text.length);
	let length = 0;
	let lineStart = 0;
	let wasUtf16 = false;
	for (let at = 0; at <= text.length; at++) {
		const unit = at < text.length ? text.charCodeAt(at) : LINE_FEED;
		if (unit === LINE_FEED || unit === CARRIAGE_RETURN) {
			const line = kept.subarray(lineStart, length);
			// The NUL of a line break stands alone between it and the next one.
			const isBreak: boolean = wasUtf16 && line.length === 1 && line[0] === 0;
			const isUtf16: boolean = isBreak || isUtf16Line(line, at === text.length);
			if (isUtf16) length = lineStart + withoutNuls(line);
			if (line.length > 0) wasUtf16 = isUtf16;
			lineStart = length + 1;
		}
		if (at < text.length) kept[length++] = unit;
	}
	if (length === text.length) return text;
	return Buffer.from(kept.buffer, 0, length * 2).toString('utf16le');
}

/** A line can begin with the NUL of the line break before it, and the last one lacks its own. */
function isUtf16Line(line: Uint16Array, isLast: boolean): boolean {
	const start = line[0] === 0 ? 1 : 0;
	const characters = line.length - start;
	if (characters < 2 || (characters % 2 === 1 && !isLast)) return false;
	for (let at = start; at < line.length; at++) {
		if ((line[at] === 0) !== ((at - start) % 2 === 1)) return false;
	}
	return true;
}

/** Moves the other characters to the front, and says how many they are. */
function withoutNuls(line: Uint16Array): number {
	let length = 0;
	for (const unit of line) if (unit !== 0) line[length++] = unit;
	return length;
}
