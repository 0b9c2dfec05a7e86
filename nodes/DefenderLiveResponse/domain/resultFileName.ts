/** What a result file is called: by the bytes that are delivered, whatever others call them. */
import { dispositionFileName, mimeTypeOf, safeFileName } from './fileName';

/** Names of one file, from whom they come. */
export interface KnownNames {
	/** The user's, which is taken as it is; empty for none. */
	wanted: string;
	/** Where the file was on the device. */
	devicePath: string | null;
	/** What the store says; usually with the ending that Defender adds when it packs a file. */
	contentDisposition: string | null;
	/** What the file was called when it was packed. */
	packed: string | null;
	/** Safe to store. */
	fallback: string;
}

export interface DeliveredBytes {
	/** They were gzip and have been unpacked once. */
	isUnpacked: boolean;
	/** They are gzip now. */
	isGzip: boolean;
}

/** Endings of files that are gzip inside. */
const GZIP_ENDING = /\.(?:gz|tgz|svgz|emz|wmz)$/i;

/** A name that is safe to store, and a type, that fit the bytes. */
export function namedByBytes(
	known: KnownNames,
	bytes: DeliveredBytes,
): { fileName: string; mimeType: string } {
	const fileName = safeFileName(known.wanted) ?? fitting(known, bytes);
	const byEnding = mimeTypeOf(fileName);
	if (bytes.isGzip) return { fileName, mimeType: 'application/gzip' };
	return {
		fileName,
		mimeType: byEnding === 'application/gzip' ? 'application/octet-stream' : byEnding,
	};
}

function fitting(known: KnownNames, { isUnpacked, isGzip }: DeliveredBytes): string {
	const sent = dispositionFileName(known.contentDisposition) ?? '';
	const given =
		safeFileName(known.devicePath ?? '') ??
		safeFileName(isUnpacked ? withoutGzipEnding(sent) : sent) ??
		safeFileName(known.packed ?? '') ??
		known.fallback;
	if (!isGzip) return safeFileName(withoutGzipEndings(given)) ?? known.fallback;
	return GZIP_ENDING.test(given) ? given : (safeFileName(`${given}.gz`) ?? known.fallback);
}

const withoutGzipEnding = (name: string) => name.replace(/\.gz$/i, '');

const withoutGzipEndings = (name: string) =>
	name.replace(/(?:[. ]*\.gz)+$/i, '').replace(/\.tgz$/i, '.tar');
