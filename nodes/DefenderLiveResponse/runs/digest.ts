import { createHash } from 'node:crypto';

/** A name for any value, in hex digits; with 16 of them no two of all the actions of a tenant have the same. */
export const digest = (value: unknown, length = 16): string =>
	createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, length);
