/** Names for files whose origin is a device or a link: safe to store anywhere. */

/** What Windows takes for a device, with any ending, and also with spaces before it. */
const RESERVED = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$|clock\$) *(?:\.|$)/i;
/**
 * Separators and their look-alikes, characters Windows refuses, controls, halves of surrogate
 * pairs, and the marks that reorder, hide or show nothing.
 */
const UNSAFE =
	/[\\/:*?"<>|⁄∕⧵⧸⧹﹨／＼\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** A run of spaces can push the ending of a name out of sight. */
const SPACES = /\p{Zs}+/gu;
/** Most file systems take 255; the rest is for what others may add. */
const MOST_BYTES = 240;

/** The name without path, control and reordering characters; null when nothing is left of it. */
export function safeFileName(name: string): string | null {
	const base = name.split(/[\\/]/).pop() ?? '';
	const cleaned = trimmed(base.replace(UNSAFE, '_').replace(SPACES, ' '));
	if (/^_*$/.test(cleaned)) return null;
	return withinBytes(RESERVED.test(cleaned) ? `_${cleaned}` : cleaned);
}

const trimmed = (name: string) => name.replace(/^[. ]+/, '').replace(/[. ]+$/, '');

/** Cut in front of its ending, between characters. */
function withinBytes(name: string): string {
	if (Buffer.byteLength(name) <= MOST_BYTES) return name;
	const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
	let left = MOST_BYTES - Buffer.byteLength(extension);
	let stem = '';
	for (const character of name) {
		left -= Buffer.byteLength(character);
		if (left < 0) break;
		stem += character;
	}
	return trimmed(stem) + extension;
}

/**
 * A parameter of a header: its name, and its value quoted or bare. A semicolon in a bare value belongs to it,
 * unless another parameter begins there.
 */
const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|((?:[^;]|;(?!\s*[\w*-]+\s*=))*))/g;

/** The file name of a Content-Disposition header, in plain, quoted or RFC 8187 form. */
export function dispositionFileName(header: unknown): string | null {
	if (typeof header !== 'string') return null;
	let plain: string | undefined;
	let extended: string | undefined;
	for (const [, name, quoted, bare] of header.matchAll(PARAMETER)) {
		// Only these two need a backslash: before others it stands for itself, as in a path of Windows.
		const value = quoted?.replace(/\\(["\\])/g, '$1') ?? bare.trim();
		if (/^filename$/i.test(name)) plain ??= value;
		if (/^filename\*$/i.test(name)) extended ??= /^utf-8'[^']*'(.+)$/i.exec(value)?.[1];
	}
	const given = extended ?? plain;
	if (!given) return null;
	try {
		return decodeURIComponent(asUtf8(given));
	} catch {
		return asUtf8(given);
	}
}

/** HTTP hands bytes over as Latin-1: what was UTF-8 is made so again. */
function asUtf8(text: string): string {
	if (!/^[\0-\xff]*$/.test(text)) return text;
	const decoded = Buffer.from(text, 'latin1').toString('utf8');
	return decoded.includes('\ufffd') ? text : decoded;
}

const GZIP_HEADER_BYTES = 10;
const HAS_EXTRA = 0x04;
const HAS_NAME = 0x08;

/**
 * The name the packed file had, from the first bytes of a gzip file; null when they have none.
 *
 * https://www.rfc-editor.org/rfc/rfc1952#section-2.3
 */
export function gzipFileName(head: Buffer): string | null {
	if (head.length < GZIP_HEADER_BYTES || head[0] !== 0x1f || head[1] !== 0x8b) return null;
	const flags = head[3];
	if ((flags & HAS_NAME) === 0) return null;
	let start = GZIP_HEADER_BYTES;
	if ((flags & HAS_EXTRA) !== 0) {
		if (head.length < start + 2) return null;
		start += 2 + head.readUInt16LE(start);
	}
	const end = head.indexOf(0, start);
	if (end <= start) return null;
	return asUtf8(head.toString('latin1', start, end));
}

const MIME_TYPES: Record<string, string> = {
	bmp: 'image/bmp',
	csv: 'text/csv',
	gz: 'application/gzip',
	htm: 'text/html',
	html: 'text/html',
	jpeg: 'image/jpeg',
	jpg: 'image/jpeg',
	json: 'application/json',
	log: 'text/plain',
	pdf: 'application/pdf',
	png: 'image/png',
	ps1: 'text/plain',
	sh: 'text/plain',
	txt: 'text/plain',
	xml: 'application/xml',
	zip: 'application/zip',
};

/** By the ending: the Content-Type of the result store says nothing about the content. */
export function mimeTypeOf(fileName: string): string {
	const extension = /\.([^.]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
	return Object.hasOwn(MIME_TYPES, extension) ? MIME_TYPES[extension] : 'application/octet-stream';
}
