import { digest } from './digest';

/** An idempotency key as markers have it: one for all devices, nodes and workflows. Empty without a key. */
export const keyDigest = (idempotencyKey: string): string =>
	idempotencyKey === '' ? '' : digest(idempotencyKey);
