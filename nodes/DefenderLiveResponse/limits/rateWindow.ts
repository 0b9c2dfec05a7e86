import type { Lane, RateLimit } from './rateLimits';
import { RateShare } from './rateShare';

/**
 * The calls of one limit. A call occupies its window from the moment it was answered: the service
 * may have counted it at any moment up to then, so no window of the service can ever hold more
 * calls than this one. No more times are kept than the window allows calls.
 */
export class RateWindow {
	private readonly share: RateShare;
	private answeredAt: number[] = [];
	private inFlight = 0;

	constructor(private readonly limit: RateLimit) {
		this.share = new RateShare(limit.calls, limit.windowMs);
	}

	get name(): RateLimit['name'] {
		return this.limit.name;
	}

	/** Whether a call of this lane counts. */
	counts(lane: Lane): boolean {
		return this.limit.lane === undefined || this.limit.lane === lane;
	}

	/** Calls in a window, as the user or the API set it. */
	get calls(): number {
		return this.share.limit;
	}

	changeCalls(calls: number): void {
		this.share.changeLimit(calls);
	}

	/** Calls that a whole window has shown to get through; fewer than `calls` where others spend too. */
	provenAt(now: number): number {
		return this.share.provenAt(now);
	}

	/** The next call would be more than a whole window has shown to get through. */
	isProbing(now: number): boolean {
		return this.answeredAt.length + this.inFlight >= this.share.provenAt(now);
	}

	begin(): void {
		this.inFlight++;
	}

	/** A refused call is not counted: the service does not count it either. */
	end(now: number, counted: boolean): void {
		this.inFlight--;
		if (counted) this.answeredAt.push(now);
	}

	refused(now: number): void {
		this.dropExpired(now);
		this.share.refused(this.answeredAt.length, now);
	}

	/**
	 * Milliseconds until there is room for one more call: 0 when there is room now, null when only
	 * the answer of a call under way can make room.
	 */
	waitMs(now: number): number | null {
		this.dropExpired(now);
		const over = this.answeredAt.length + this.inFlight - this.share.at(now);
		if (over < 0) return 0;
		if (over >= this.answeredAt.length) return null;
		return Math.max(1, this.answeredAt[over] + this.limit.windowMs - now + 1);
	}

	private dropExpired(now: number): void {
		const first = this.answeredAt.findIndex((at) => at > now - this.limit.windowMs);
		this.answeredAt.splice(0, first < 0 ? this.answeredAt.length : first);
	}
}
