/**
 * How much of a limit this process may take when others spend from it too, such as the workers of
 * n8n's queue mode. They do not talk to each other: each learns its share from refusals.
 */

/** Between growing again after a refusal, at most this many windows pass. */
const LONGEST_QUIET = 8;
/** Who came too late for a window must not be left with next to nothing. */
const SMALLEST_SHARE = 0.05;

export class RateShare {
	private allowed: number;
	private refusedAt = Number.NEGATIVE_INFINITY;
	private step = 1;
	private quietWindows = 1;
	private growsAt = Number.POSITIVE_INFINITY;

	constructor(
		private readonly limit: number,
		private readonly windowMs: number,
	) {
		this.allowed = limit;
	}

	/** Calls a window now; after a shrink it grows slowly, and faster the longer nothing is refused. */
	at(now: number): number {
		while (now >= this.growsAt && this.allowed < this.limit) {
			this.allowed = Math.min(this.limit, this.allowed + this.step);
			this.step *= 2;
			this.growsAt += this.windowMs;
		}
		if (this.allowed >= this.limit) this.quietWindows = 1;
		return Math.max(1, Math.floor(this.allowed));
	}

	/**
	 * After a refusal the share becomes what got through in the last window: together the shares
	 * then are the limit. A single refusal out of the blue (n8n was restarted, somebody tried
	 * something) changes nothing.
	 */
	refused(gotThrough: number, now: number): void {
		const isRepeated = now - this.refusedAt <= 2 * this.windowMs || this.allowed < this.limit;
		this.refusedAt = now;
		if (!isRepeated) return;
		this.allowed = Math.min(this.allowed, Math.max(gotThrough, this.limit * SMALLEST_SHARE));
		this.step = 1;
		this.growsAt = now + this.quietWindows * this.windowMs;
		this.quietWindows = Math.min(this.quietWindows * 2, LONGEST_QUIET);
	}
}
