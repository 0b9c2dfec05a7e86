import { isRecord } from '../domain/record';

/** The claims of a token, unchecked; null where it cannot be read. */
export function claimsOf(token: unknown): Record<string, unknown> | null {
	try {
		const claims: unknown = JSON.parse(
			Buffer.from(String(token).split('.')[1], 'base64url').toString('utf8'),
		);
		return isRecord(claims) ? claims : null;
	} catch {
		return null;
	}
}
