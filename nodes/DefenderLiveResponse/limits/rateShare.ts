/**
 * How much of a limit this process may take when others spend from it too, such as the workers of
 * n8n's queue mode. They do not talk to each other: each learns its share from refusals.
 */

/** Between growing again after a refusal, at most this many windows pass. */
const LONGEST_QUIET = 1.25;
/** Who came too late for a window must not be left with next to nothing. */
const SMALLEST_SHARE = 0.05;
/** Windows between two refusals that make the second one a repeated one. */
const REPEATED_WITHIN = 2;
/** The first growth after a shrink, as a share of the limit; each further one is twice as large. */
const FIRST_STEP = 0.25;

export class RateShare {
	private allowed: number;
	/** What a whole window has shown to get through; beyond it the share is only tried out. */
	private proven: number;
	private isShrunk = false;
	private refusedAt = Number.NEGATIVE_INFINITY;
	private step = 1;
	private quietWindows = 1;
	private growsAt = Number.POSITIVE_INFINITY;

	constructor(
		private most: number,
		private readonly windowMs: number,
	) {
		this.allowed = most;
		this.proven = most;
	}

	/** Calls a window when nobody else spends from the limit. */
	get limit(): number {
		return this.most;
	}

	/** A share that was the whole limit stays that. */
	changeLimit(limit: number): void {
		const isWhole = this.proven >= this.most;
		this.allowed = isWhole ? limit : Math.min(this.allowed, limit);
		this.proven = isWhole ? limit : Math.min(this.proven, limit);
		this.most = limit;
	}

	/** Calls a window now; after a shrink it grows, and faster the longer nothing is refused. */
	at(now: number): number {
		this.grow(now);
		return Math.max(1, Math.floor(this.allowed));
	}

	provenAt(now: number): number {
		this.grow(now);
		return this.proven;
	}

	private grow(now: number): void {
		while (now >= this.growsAt && this.proven < this.most) {
			this.proven = this.allowed;
			this.allowed = Math.min(this.most, this.allowed + this.step);
			this.step *= 2;
			this.growsAt += this.windowMs;
		}
		if (this.proven < this.most) return;
		this.quietWindows = 1;
		this.isShrunk = false;
	}

	/**
	 * After a refusal the share becomes what got through in the last window: together the shares
	 * then are the limit. A single refusal out of the blue (n8n was restarted, somebody tried
	 * something) leaves the share as it is; what is beyond that is only tried out for a while.
	 */
	refused(gotThrough: number, now: number): void {
		const isRepeated = now - this.refusedAt <= REPEATED_WITHIN * this.windowMs || this.isShrunk;
		this.refusedAt = now;
		this.proven = Math.min(this.allowed, Math.max(gotThrough, this.most * SMALLEST_SHARE));
		if (!isRepeated) {
			this.growsAt = now + REPEATED_WITHIN * this.windowMs;
			return;
		}
		this.isShrunk = true;
		this.allowed = this.proven;
		this.step = Math.max(1, this.most * FIRST_STEP);
		this.growsAt = now + this.quietWindows * this.windowMs;
		this.quietWindows = Math.min(this.quietWindows * 2, LONGEST_QUIET);
	}
}
