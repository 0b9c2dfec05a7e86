/** The armour of RFC 7468 with whatever stands between: pasting may have flattened the lines. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+?)-----(.*?)-----END \1-----/gs;

/** One block of a PEM text, with its line breaks where every parser wants them. */
export interface PemBlock {
	/** What the armour says it holds, e.g. `CERTIFICATE`. */
	label: string;
	pem: string;
	/** Has RFC 1421 headers, which only an encrypted key carries. */
	encrypted: boolean;
}

/**
 * Finds the blocks of a PEM text whose line breaks were kept, turned into spaces, into the two
 * characters `\n`, or lost. Text around the blocks is ignored.
 */
export function readPem(text: string): PemBlock[] {
	return [...text.replace(/\\r|\\n/g, '\n').matchAll(BLOCK)].map(([, label, content]) => {
		const base64 = content.replace(/\s+/g, '');
		const lines = base64.match(/.{1,64}/g) ?? [];
		return {
			label,
			pem: [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'),
			encrypted: label.startsWith('ENCRYPTED') || /Proc-Type:.*ENCRYPTED/s.test(content),
		};
	});
}
