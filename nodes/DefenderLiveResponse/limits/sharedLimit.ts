import { MINUTE_MS, type RateLimit } from './rateLimits';
import { Share } from './share';

/** Too long a hold for a call; `calls` are what the limit allows. */
export type Hold = { limit: RateLimit['name']; calls: number; holdMs: number };

/** A 429, which named the limit or not: null when it said nothing of the time. */
export type Refused = { limit: RateLimit['name']; isNamed: boolean; retryAfterMs: number | null };

/** No limit is longer than an hour; a service that asks for more is asked again after that. */
const LONGEST_HOLD_MS = 60 * MINUTE_MS;
/** Where nobody says how long; twice as long each time, up to the window of most limits. */
const FIRST_GUESS_MS = 2000;
const LONGEST_GUESS_MS = MINUTE_MS;
/** The more calls of a window got through, the fewer others there can be: a third of them go at once. */
const CALLS_FOR_ONE_AT_ONCE = 3;
/** Few enough that a refusal stops the rest in time. */
const MOST_AT_ONCE = 12;

/**
 * One limit, and the calls of this process that count against it. A call occupies its window from the
 * moment it was answered: the service may have counted it at any moment up to then, so no window of the
 * service, wherever it begins, can hold more calls than the limit allows.
 */
export class SharedLimit {
	/** As many as are allowed now; the user may set others at any time. */
	calls: number;
	/** How many are under way. */
	inFlight = 0;
	private answeredAt: number[] = [];
	private heldUntil = 0;
	/** Since when nothing but refusals came, and how many in a row, those of calls under way together as one. */
	private refusedSince: number | null = null;
	private refusals = 0;
	private readonly share: Share;

	constructor(readonly limit: RateLimit) {
		this.calls = limit.calls;
		this.share = new Share(limit.windowMs);
	}

	/** As many calls are under way as may be. */
	isBusy(now: number): boolean {
		const grown = Math.floor(this.answeredAt.length / CALLS_FOR_ONE_AT_ONCE);
		const atOnce = Math.min(Math.max(grown, this.limit.atOnce), MOST_AT_ONCE);
		return this.inFlight >= (this.share.isFoundOut(now) ? 1 : atOnce);
	}

	/** When one more call fits; Infinity when only the answer of one under way can make room. */
	opensAt(now: number): number {
		this.forget(now);
		const most = Math.min(this.calls, this.share.callsAt(now));
		const over = this.answeredAt.length + this.inFlight - most;
		const leavesAt = over < 0 ? -Infinity : (this.answeredAt[over] ?? Infinity);
		return Math.max(this.heldUntil, leavesAt + this.limit.windowMs + 1);
	}

	/** @param counts not when it was refused or never sent: the service does not count it either */
	end(now: number, counts: boolean): void {
		this.inFlight--;
		if (!counts) return;
		this.answeredAt.push(now);
		this.refusedSince = null;
		// What was under way when another call was refused does not say that there is room again.
		if (now >= this.heldUntil) this.refusals = 0;
	}

	/** Calls under way together are refused together, which counts once. */
	refused(refused: Refused, now: number): void {
		this.forget(now);
		const isFirst = now >= this.heldUntil;
		if (isFirst) this.refusals++;
		this.refusedSince ??= now;
		this.heldUntil = Math.max(this.heldUntil, now + this.holdMs(refused, now));
		if (isFirst) this.share.refused(this.answeredAt.length, now, this.heldUntil);
	}

	/** A hold is no place in a line: the service said when, the hour is used up, no session is free. */
	tooLong(
		call: Record<'since' | 'maxHoldMs' | 'maxSessionWaitMs', number>,
		now: number,
	): Hold | null {
		const { name, windowMs } = this.limit;
		const until = windowMs > MINUTE_MS ? this.opensAt(now) : this.heldUntil;
		const isFull = name === 'sessions';
		const since = isFull ? Math.max(call.since, this.refusedSince ?? until) : now;
		const isShort = until - since <= (isFull ? call.maxSessionWaitMs : call.maxHoldMs);
		if (until <= now || until === Infinity || isShort) return null;
		return { limit: name, calls: this.calls, holdMs: isFull ? now - since : until - now };
	}

	/**
	 * As the service says; where it only names the limit, until half of this process's calls of a minute have
	 * left it, or the first of an hour's. They say nothing of the calls of others: when it is refused again
	 * all the same, at least as long as a guess.
	 */
	private holdMs({ retryAfterMs, isNamed }: Refused, now: number): number {
		if (retryAfterMs) return Math.min(retryAfterMs, LONGEST_HOLD_MS);
		const repeats = Math.max(0, this.refusals - 1);
		const guessMs = Math.min(FIRST_GUESS_MS * 2 ** repeats, LONGEST_GUESS_MS);
		if (!isNamed) return guessMs;
		const { windowMs } = this.limit;
		const leaving = this.answeredAt[windowMs > MINUTE_MS ? 0 : this.answeredAt.length >> 1];
		const ownMs = leaving === undefined ? LONGEST_GUESS_MS : leaving + windowMs - now + 1;
		return repeats > 0 ? Math.max(ownMs, guessMs) : ownMs;
	}

	private forget(now: number): void {
		const kept = this.answeredAt.findIndex((at) => at > now - this.limit.windowMs);
		if (kept !== 0) this.answeredAt.splice(0, kept < 0 ? Infinity : kept);
	}
}
