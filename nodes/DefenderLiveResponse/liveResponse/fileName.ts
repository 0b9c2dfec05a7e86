/** Names for files whose origin is a device or a link: safe to store anywhere. */

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Separators, characters Windows refuses, controls, and the marks that reorder or hide text. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const LONGEST = 200;

/** The name without path, control and reordering characters; null when nothing is left of it. */
export function safeFileName(name: string): string | null {
	const base = name.split(/[\\/]/).pop() ?? '';
	const cleaned = base.replace(UNSAFE, '_').replace(/^[. ]+|[. ]+$/g, '');
	if (cleaned === '' || /^_+$/.test(cleaned)) return null;
	const safe = RESERVED.test(cleaned) ? `_${cleaned}` : cleaned;
	if (safe.length <= LONGEST) return safe;
	const extension = /\.[^.]{1,16}$/.exec(safe)?.[0] ?? '';
	return safe.slice(0, LONGEST - extension.length) + extension;
}

/** The file name of a Content-Disposition header, in plain, quoted or RFC 5987 form. */
export function dispositionFileName(header: unknown): string | null {
	if (typeof header !== 'string') return null;
	const extended = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(header)?.[1];
	const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(header);
	const given = extended ?? plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2]?.trim();
	if (!given) return null;
	try {
		return decodeURIComponent(given);
	} catch {
		return given;
	}
}

export const withoutGzipEnding = (name: string) => name.replace(/\.gz$/i, '') || name;

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
	return MIME_TYPES[extension] ?? 'application/octet-stream';
}
