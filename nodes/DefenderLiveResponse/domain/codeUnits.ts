/** The UTF-16 code units of texts, which are read faster than the texts themselves. */

export function codeUnits(text: string): Uint16Array {
	const units = new Uint16Array(text.length);
	Buffer.from(units.buffer).write(text, 'utf16le');
	return units;
}

/** The text of the first `length`. It takes a byte a character where that suffices. */
export function textOfUnits(units: Uint16Array, length: number): string {
	let all = 0;
	for (let at = 0; at < length; at++) all |= units[at];
	if (all <= 0xff) {
		return Buffer.from(new Uint8Array(units.subarray(0, length)).buffer).toString('latin1');
	}
	return Buffer.from(units.buffer, units.byteOffset, length * 2).toString('utf16le');
}
