/**
 * Turns the bytes of a result file into text. Result files are UTF-8 without a byte order mark;
 * anything else is accepted defensively and reported as `repaired`, so that a reader can tell.
 */

export type ResultText =
	| { kind: 'text'; text: string; repaired: boolean }
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
 * Decodes a result file. Bytes that are no text in any supported encoding come back as `binary`,
 * except for single damaged UTF-8 sequences, which become U+FFFD and are reported as repaired.
 */
export function decodeResultText(bytes: Buffer): ResultText {
	const format = containerFormat(bytes);
	if (format) return { kind: 'binary', format };

	const utf16 = utf16Order(bytes);
	if (utf16) {
		const units = bytes.subarray(0, bytes.length - (bytes.length % 2));
		const littleEndian = utf16 === 'LE' ? units : Buffer.from(units).swap16();
		return { kind: 'text', text: withoutBom(littleEndian.toString('utf16le')), repaired: true };
	}

	const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	const text = bytes.toString('utf8');
	if (!text.includes('\ufffd')) return { kind: 'text', text: withoutBom(text), repaired: hasBom };
	if (Buffer.from(text, 'utf8').equals(bytes)) {
		return { kind: 'text', text: withoutBom(text), repaired: hasBom };
	}
	return looksLikeText(text)
		? { kind: 'text', text: withoutBom(text), repaired: true }
		: { kind: 'binary', format: 'unknown' };
}

function utf16Order(bytes: Buffer): 'LE' | 'BE' | null {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'LE';
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'BE';
	const brace = 0x7b;
	if (bytes.length >= 4 && bytes[0] === brace && bytes[1] === 0 && bytes[3] === 0) return 'LE';
	if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === brace && bytes[2] === 0) return 'BE';
	return null;
}

const withoutBom = (text: string) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

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
