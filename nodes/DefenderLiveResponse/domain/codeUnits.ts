/** The UTF-16 code units of texts, which are read faster than the texts themselves. */

/** Longer texts are read in pieces: to get new memory takes more time than to read it. */
export const LARGEST_PIECE = 64 * 1024;

export function codeUnits(text: string): Uint16Array {
	const units = new Uint16Array(text.length);
	Buffer.from(units.buffer).write(text, 'utf16le');
	return units;
}

/** The first `length` code units of a text, without half a character at its end. */
export const beginningOf = (text: string, length: number): string =>
	text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/** The text of the first `length`. It takes a byte a character where that suffices. */
export function textOfUnits(units: Uint16Array, length: number): string {
	let bits = 0;
	for (let at = 0; at < length; at++) bits |= units[at];
	return bits > 0xff
		? Buffer.from(units.buffer, units.byteOffset, length * 2).toString('utf16le')
		: Buffer.from(units.subarray(0, length)).toString('latin1');
}
