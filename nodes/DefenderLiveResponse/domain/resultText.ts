/**
 * Turns the bytes of a result file into text. Result files are UTF-8 without a byte order mark;
 * anything else is accepted defensively and reported as `repaired`, so that a reader can tell.
 */

export type ResultText =
	| {
			kind: 'text';
			text: string;
			/** Something other than the bytes' own text was needed: a mark, UTF-16, or U+FFFD. */
			repaired: boolean;
			/** Whether the text says all that the bytes said. */
			exact: boolean;
			/** False for bytes that look like no text at all. */
			readable: boolean;
	  }
	| { kind: 'binary'; format: 'gzip' | 'zip' | 'unknown' };

const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** The container format by its first bytes; content types and names are not trusted. */
export function containerFormat(bytes: Uint8Array): 'gzip' | 'zip' | null {
	const startsWith = (magic: number[]) => magic.every((byte, index) => bytes[index] === byte);
	if (startsWith(GZIP)) return 'gzip';
	if (startsWith(ZIP)) return 'zip';
	return null;
}

/**
 * Decodes a result file by its byte order mark, and without one as UTF-8. Damaged sequences become
 * U+FFFD.
 */
export function decodeResultText(bytes: Buffer): ResultText {
	const format = containerFormat(bytes);
	if (format) return { kind: 'binary', format };
	try {
		if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes.subarray(2), 'LE');
		if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes.subarray(2), 'BE');
		return utf8(bytes);
	} catch {
		// Longer than a string can be.
		return { kind: 'binary', format: 'unknown' };
	}
}

/**
 * The text of a file that could be UTF-16 without a mark; null when its first bytes speak against
 * it. A guess: right only when the text then makes sense.
 */
export function guessedUtf16Text(bytes: Buffer): { text: string; exact: boolean } | null {
	const [first, second, third, fourth] = bytes;
	const opens = (byte: number) => byte === 0x7b || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
	try {
		if (opens(first) && second === 0 && third > 0 && fourth === 0) return utf16(bytes, 'LE');
		if (first === 0 && opens(second) && third === 0 && fourth > 0) return utf16(bytes, 'BE');
	} catch {
		// Longer than a string can be.
	}
	return null;
}

/** It says how a text is written, and is no part of it. */
export const withoutByteOrderMark = (text: string): string =>
	text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;

const REPLACEMENT = '\ufffd';

/** Half a code unit at the end becomes U+FFFD. */
function utf16(bytes: Buffer, order: 'LE' | 'BE') {
	const units = bytes.subarray(0, bytes.length - (bytes.length % 2));
	const littleEndian = order === 'LE' ? units : Buffer.from(units).swap16();
	const exact = units.length === bytes.length;
	const text = littleEndian.toString('utf16le') + (exact ? '' : REPLACEMENT);
	return { kind: 'text', text, repaired: true, exact, readable: true } as const;
}

function utf8(bytes: Buffer): ResultText {
	const decoded = bytes.toString('utf8');
	const exact = !decoded.includes(REPLACEMENT) || isTextOf(bytes, decoded);
	const text = withoutByteOrderMark(decoded);
	return {
		kind: 'text',
		text,
		repaired: text.length < decoded.length || !exact,
		exact,
		readable: exact || looksLikeText(text),
	};
}

/** Most damage shows in the length, which is found out without the bytes. */
const isTextOf = (bytes: Buffer, text: string): boolean =>
	Buffer.byteLength(text, 'utf8') === bytes.length && Buffer.from(text, 'utf8').equals(bytes);

/** A sample is enough: a transcript with a damaged character is still mostly printable. */
function looksLikeText(text: string): boolean {
	const sample = text.slice(0, 8192);
	let odd = 0;
	for (let at = 0; at < sample.length; at++) {
		const unit = sample.charCodeAt(at);
		const control = unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d;
		if (control || unit === 0xfffd) odd++;
	}
	return odd * 10 <= sample.length;
}
