import type { RateLimit } from './rateLimits';

/** Windows in which nobody is refused, after one in which every process is refused once. */
const WINDOWS_WITH_A_SHARE = 2;
/** Fewer calls show no share: another process took nearly all because it began a second before. */
const LEAST_SHARE = 10;
/** The more calls of a window got through, the fewer others there can be: a fourth of them go at once. */
const CALLS_FOR_ONE_AT_ONCE = 4;
/** Few enough that a refusal stops the rest in time. */
const MOST_AT_ONCE = 12;
/** Shares make the whole limit together, unless somebody has begun since. */
const AT_ONCE_WITH_A_SHARE = 4;

/**
 * What is left of a limit where others use it too, such as the workers of n8n's queue mode. They do not
 * talk to each other; a refusal tells. Then all take places one at a time, so that each gets about as
 * many, and keep to what they got for some windows. Who is not refused in a window takes twice as many at
 * a time, up to all.
 */
export class Share {
	/** Until then; the calls of a window are Infinity while they are found out. */
	private part: { calls: number; atOnce: number; until: number } | null = null;

	constructor(private readonly limit: RateLimit) {}

	/** Calls a window, and how many of them at once. @param counted that got through in the last window */
	at(now: number, counted: number): { calls: number; atOnce: number } {
		if (this.part && now >= this.part.until) {
			const atOnce = this.part.calls === Infinity ? this.part.atOnce * 2 : 1;
			const until = now + this.limit.windowMs;
			this.part = atOnce < this.limit.atOnce ? { calls: Infinity, atOnce, until } : null;
		}
		const { calls, atOnce } = this.part ?? { calls: Infinity, atOnce: Infinity };
		const most = Math.min(Math.floor(counted / CALLS_FOR_ONE_AT_ONCE), MOST_AT_ONCE);
		return { calls, atOnce: Math.min(atOnce, Math.max(most, this.limit.atOnce)) };
	}

	/** @param calls of the last window that were not refused */
	refused(calls: number, now: number, heldUntil: number): void {
		const isKnown =
			this.at(now, calls).calls < Infinity || this.part === null || calls < LEAST_SHARE;
		const { windowMs } = this.limit;
		this.part = isKnown
			? { calls: Infinity, atOnce: 1, until: heldUntil + windowMs }
			: { calls, atOnce: AT_ONCE_WITH_A_SHARE, until: now + WINDOWS_WITH_A_SHARE * windowMs };
	}
}
