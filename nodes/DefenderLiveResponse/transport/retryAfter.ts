/**
 * The wait a `Retry-After` header asks for, in milliseconds: whole or fractional seconds, or an
 * HTTP date. Null when it is absent or makes no sense.
 */
export function retryAfterMs(header: unknown, now: number): number | null {
	if (typeof header !== 'string' && typeof header !== 'number') return null;
	const value = String(header).trim();
	if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
	if (!/[a-z]{3}/i.test(value)) return null;
	const date = Date.parse(value);
	return Number.isNaN(date) ? null : Math.max(0, date - now);
}
