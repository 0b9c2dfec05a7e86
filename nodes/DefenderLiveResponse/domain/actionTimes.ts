/** How long Defender takes with machine actions, in milliseconds. */

/** Lists lack a new action, and reading it gives a 404, for about two minutes; this is longer than that. */
export const LIST_LAG_MS = 155_000;

/** Longer than one is unfinished: three days are the longest that Defender let one wait for its device. */
export const LONGEST_LIFE_MS = 4 * 24 * 3_600_000;

/** The clocks of n8n and Defender may differ by this much. */
export const CLOCK_DIFFERENCE_MS = 5 * 60_000;
