/**
 * The wait a `Retry-After` header asks for, in milliseconds: whole or fractional seconds, or an
 * HTTP date. Null when it is absent or makes no sense. A date is compared with the service's own
 * `Date` header: the clock of the machine that runs n8n may be wrong.
 */
export function retryAfterMs(headers: Record<string, unknown>, now: number): number | null {
	const header = headers['retry-after'];
	if (typeof header !== 'string' && typeof header !== 'number') return null;
	const value = String(header).trim();
	if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
	const date = httpDate(value);
	return date === null ? null : Math.max(0, date - (httpDate(headers.date) ?? now));
}

const FIRST_WAIT_MS = 1000;

/**
 * How long to wait before something is tried again, in milliseconds: as long as was asked for, else a
 * second, and twice as long with each repetition. A wait of 0 counts as not asked for.
 */
export function waitBeforeRepeat(
	askedMs: number | null,
	earlierRepeats: number,
	longestMs: number,
): number {
	return Math.min(askedMs || FIRST_WAIT_MS * 2 ** earlierRepeats, longestMs);
}

function httpDate(value: unknown): number | null {
	if (typeof value !== 'string' || !/[a-z]{3}/i.test(value)) return null;
	const date = Date.parse(value);
	return Number.isNaN(date) ? null : date;
}
