/** What the responses for one file say about it, and whether a later one goes on with the same file. */

/** The part of the file that a body holds. `end` is null when it reaches to the end of the file. */
export interface FilePart {
	start: number;
	end: number | null;
}

/**
 * Null when the response is not the file that `etag` names, or leaves a gap after `delivered`
 * bytes. Without an ETag, what follows could be the rest of another file.
 */
export function partOf(
	response: { status: number; headers: Record<string, unknown> },
	etag: string | null,
	delivered: number,
): FilePart | null {
	const found = headerText(response.headers.etag);
	if (delivered > 0 && (found === null || found !== etag)) return null;
	if (response.status !== 206) return { start: 0, end: null };
	const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(
		headerText(response.headers['content-range']) ?? '',
	);
	if (!range) return null;
	const [start, last, total] = range.slice(1).map(Number);
	if (start > delivered) return null;
	return { start, end: last + 1 < total ? last + 1 : null };
}

export const headerText = (value: unknown): string | null =>
	typeof value === 'string' && value !== '' ? value : null;

export function headerLength(header: unknown): number | null {
	const value = Number(headerText(header) ?? Number.NaN);
	return Number.isSafeInteger(value) && value >= 0 ? value : null;
}
