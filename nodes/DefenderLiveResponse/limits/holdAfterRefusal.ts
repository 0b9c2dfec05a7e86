const FIRST_HOLD_MS = 2000;
const LONGEST_GUESSED_HOLD_MS = 60_000;
/** No limit is longer than an hour; a service that asks for more is asked again after that. */
const LONGEST_HOLD_MS = 3_600_000;

/**
 * How long to hold back after a 429, in milliseconds: as long as the service asks; without a word of
 * it, longer each time.
 *
 * @param retryAfterMs what `Retry-After` says; null or 0 when it says nothing
 * @param guessedBefore how many holds in a row were guessed before this one
 */
export function holdAfterRefusal(retryAfterMs: number | null, guessedBefore: number): number {
	if (retryAfterMs !== null && retryAfterMs > 0) return Math.min(retryAfterMs, LONGEST_HOLD_MS);
	return Math.min(FIRST_HOLD_MS * 2 ** guessedBefore, LONGEST_GUESSED_HOLD_MS);
}
