/** What the answers for one file say about it, and whether its bytes have all come. */

/** All of the file (200), a part of it (206), or that it has no bytes from there on (416). */
export interface FileAnswer {
	status: number;
	headers: Record<string, unknown>;
}

/** The part of the file that a body holds. `end`, behind the last byte, is null when not announced. */
export interface FilePart {
	start: number;
	end: number | null;
	/** Whether the body has an end of its own, other than that of the connection. */
	isFramed: boolean;
}

/**
 * One file over all answers for it: what the first one to name a length says holds for all of them. A
 * Content-Length counts what was sent, which n8n may have unpacked on the way (Content-Encoding) without
 * saying so: it is held against other announcements, and against the bytes that came only in a 206.
 */
export class WholeFile {
	/** Bytes, as announced; null while nothing was. */
	total: number | null = null;
	private readonly etag: string | null;

	constructor(first: FileAnswer) {
		this.etag = headerText(first.headers.etag);
	}

	get canBeResumed(): boolean {
		return this.etag !== null;
	}

	/**
	 * Null when the answer does not go on with this file: another one by its ETag or its length, a
	 * gap after the `delivered` bytes, a range that contradicts itself. Without an ETag, what
	 * follows could be the rest of another file.
	 */
	partOf({ status, headers }: FileAnswer, delivered: number): FilePart | null {
		const etag = headerText(headers.etag);
		if (delivered > 0 && (etag === null || etag !== this.etag)) return null;
		const length = headerLength(headers['content-length']);
		const isFramed =
			length !== null || /\bchunked\b/i.test(headerText(headers['transfer-encoding']) ?? '');
		if (status === 416) {
			const [, size] =
				/^bytes \*\/(\d{1,15})$/.exec(headerText(headers['content-range']) ?? '') ?? [];
			const isAllThere = Number(size) === delivered && this.agreesOn(delivered);
			return isAllThere ? { start: delivered, end: delivered, isFramed } : null;
		}
		if (status !== 206) {
			return this.agreesOn(length) ? { start: 0, end: length, isFramed } : null;
		}
		const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(
			headerText(headers['content-range']) ?? '',
		);
		if (!range) return null;
		const [start, last, total] = range.slice(1).map(Number);
		const end = last + 1;
		const isSound = start < end && end <= total && (length ?? end - start) === end - start;
		if (!isSound || start > delivered || !this.agreesOn(total)) return null;
		return { start, end, isFramed };
	}

	private agreesOn(total: number | null): boolean {
		this.total ??= total;
		return total === null || total === this.total;
	}
}

/**
 * What a body that has ended was: the end of the file; a part of it, with more to ask for; or neither,
 * when it holds other bytes than announced, or broke off without a word. `sent` are its own bytes,
 * `delivered` those of the whole file so far.
 */
export function endOf(
	file: WholeFile,
	{ status }: FileAnswer,
	part: FilePart,
	sent: number,
	delivered: number,
): 'whole' | 'part' | 'unsound' {
	if (status === 416) return 'whole';
	if (status === 206) {
		if (part.end === null || part.start + sent !== part.end) return 'unsound';
		return part.end === file.total ? 'whole' : 'part';
	}
	// Node.js ends a body without complaint only when all of its announced length came.
	if (part.end !== null) return 'whole';
	if (file.total !== null) return delivered === file.total ? 'whole' : 'unsound';
	return part.isFramed ? 'whole' : 'unsound';
}

export const headerText = (value: unknown): string | null =>
	typeof value === 'string' && value !== '' ? value : null;

export function headerLength(header: unknown): number | null {
	const value = Number(headerText(header) ?? Number.NaN);
	return Number.isSafeInteger(value) && value >= 0 ? value : null;
}
