/**
 * What one app registration may spend on API calls. The limits are those of the API, so the budget
 * is shared by everything in this process that uses the same app registration.
 *
 * A call occupies its window from the moment it was answered: the service may have counted it at
 * any moment up to then, so no window of the service can ever hold more calls than this one.
 */
import type { Clock } from './clock';
import { RateShare } from './rateShare';

export interface RateLimit {
	name: 'minute' | 'hour' | 'runs';
	calls: number;
	windowMs: number;
}

/** `run` starts a live response and counts against the limit of its own as well. */
export type Lane = 'call' | 'run';

export interface Turn {
	/** Executions take turns, so that a single urgent call does not wait for a big batch. */
	owner: string;
	lane: Lane;
	/** The longest hold beyond the place in the queue: a Retry-After, a spent hour. */
	maxHoldMs: number;
	signal?: AbortSignal;
}

export type Admission =
	| { kind: 'admitted'; waitedMs: number; answered(refused: Refused | null): void }
	| { kind: 'held'; limit: RateLimit['name'] | 'refused'; holdMs: number }
	| { kind: 'stopped' };

/** A 429; `retryAfterMs` is null when the service did not say how long to wait. */
export interface Refused {
	retryAfterMs: number | null;
}

interface Waiter {
	turn: Turn;
	since: number;
	settle(admission: Admission): void;
}

interface Window {
	limit: RateLimit;
	share: RateShare;
	answeredAt: number[];
}

const MINUTE_MS = 60_000;

/** Few enough that a refusal stops the rest before they are sent too. */
const FEWEST_IN_FLIGHT = 4;
const MOST_IN_FLIGHT = 20;
const CALLS_PER_MINUTE_IN_FLIGHT = 25;
/**
 * Beyond a small burst, calls go out at four times the rate the limit allows in the long run. That
 * costs a big batch next to nothing, and lets processes that share the limit find even shares.
 */
const BURST_SHARE = 0.1;
const PACE = 4;
const FIRST_HOLD_MS = 2000;
const LONGEST_GUESSED_HOLD_MS = 60_000;

export class RateBudget {
	private readonly windows: Window[];
	private readonly mostInFlight: number;
	private readonly gapMs: number;
	private readonly burstMs: number;
	/** When the next call would go out at an even pace. */
	private pacedAt = 0;
	private readonly queues = new Map<string, Waiter[]>();
	private inFlight = { call: 0, run: 0 };
	private pausedUntil = 0;
	/** After a refusal one call goes first, and the others follow when it was not refused. */
	private isTrying = false;
	private guessedHoldMs = FIRST_HOLD_MS;
	private pumping = false;
	private wake: AbortController | null = null;

	constructor(
		limits: RateLimit[],
		private readonly clock: Clock,
	) {
		this.windows = limits.map((limit) => ({
			limit,
			share: new RateShare(limit.calls, limit.windowMs),
			answeredAt: [],
		}));
		const perMinute = limits.find(({ name }) => name === 'minute')?.calls ?? 0;
		this.gapMs = perMinute > 0 ? MINUTE_MS / (perMinute * PACE) : 0;
		this.burstMs = this.gapMs * Math.max(1, perMinute * BURST_SHARE);
		this.mostInFlight = Math.min(
			MOST_IN_FLIGHT,
			Math.max(FEWEST_IN_FLIGHT, Math.floor(perMinute / CALLS_PER_MINUTE_IN_FLIGHT)),
		);
	}

	/** Waits for a place. Every admission must be closed with `answered`. */
	async admit(turn: Turn): Promise<Admission> {
		if (turn.signal?.aborted) return { kind: 'stopped' };
		return await new Promise<Admission>((resolve) => {
			const stop = () => this.remove(turn.owner, waiter);
			const waiter: Waiter = {
				turn,
				since: this.clock.now(),
				settle: (admission) => {
					turn.signal?.removeEventListener('abort', stop);
					resolve(admission);
				},
			};
			turn.signal?.addEventListener('abort', stop, { once: true });
			const queue = this.queues.get(turn.owner);
			if (queue) queue.push(waiter);
			else this.queues.set(turn.owner, [waiter]);
			this.wake?.abort();
			void this.pump();
		});
	}

	private remove(owner: string, waiter: Waiter) {
		const queue = this.queues.get(owner);
		const at = queue?.indexOf(waiter) ?? -1;
		if (!queue || at < 0) return;
		queue.splice(at, 1);
		if (queue.length === 0) this.queues.delete(owner);
		waiter.settle({ kind: 'stopped' });
		this.wake?.abort();
	}

	private async pump() {
		if (this.pumping) return;
		this.pumping = true;
		try {
			while (this.queues.size > 0) {
				const now = this.clock.now();
				this.refuseLongHolds(now);
				const waitMs = this.admitNext(now);
				if (waitMs === 0 || this.queues.size === 0) continue;
				this.wake = new AbortController();
				await this.clock.sleep(waitMs, this.wake.signal);
				this.wake = null;
			}
		} finally {
			this.pumping = false;
		}
	}

	/** Admits the first waiter whose lane has room; else the time until the next one may have. */
	private admitNext(now: number): number {
		let soonest = Number.POSITIVE_INFINITY;
		for (const [owner, queue] of this.queues) {
			const waiter = queue[0];
			const waitMs = this.waitFor(waiter.turn.lane, now);
			if (waitMs > 0) {
				soonest = Math.min(soonest, waitMs);
				continue;
			}
			queue.shift();
			this.queues.delete(owner);
			if (queue.length > 0) this.queues.set(owner, queue);
			this.inFlight[waiter.turn.lane]++;
			this.pacedAt = Math.max(this.pacedAt, now) + this.gapMs;
			waiter.settle({
				kind: 'admitted',
				waitedMs: now - waiter.since,
				answered: once((refused) => this.answered(waiter.turn.lane, refused)),
			});
			return 0;
		}
		return Math.min(soonest, LONGEST_GUESSED_HOLD_MS);
	}

	private waitFor(lane: Lane, now: number): number {
		const inFlight = this.inFlight.call + this.inFlight.run;
		const most = this.isTrying ? 1 : this.mostInFlight;
		if (inFlight >= most) return LONGEST_GUESSED_HOLD_MS;
		return Math.max(
			this.pausedUntil - now,
			this.pacedAt - this.burstMs - now,
			...this.windows.map((window) => this.windowWait(window, lane, now)),
		);
	}

	private windowWait(window: Window, lane: Lane, now: number): number {
		if (window.limit.name === 'runs' && lane !== 'run') return 0;
		const expired = window.answeredAt.findIndex((at) => at > now - window.limit.windowMs);
		window.answeredAt.splice(0, expired < 0 ? window.answeredAt.length : expired);

		const inFlight =
			window.limit.name === 'runs' ? this.inFlight.run : this.inFlight.call + this.inFlight.run;
		const over = window.answeredAt.length + inFlight - window.share.at(now);
		if (over < 0) return 0;
		if (over >= window.answeredAt.length) return LONGEST_GUESSED_HOLD_MS;
		return Math.max(1, window.answeredAt[over] + window.limit.windowMs - now + 1);
	}

	private answered(lane: Lane, refused: Refused | null) {
		const now = this.clock.now();
		this.inFlight[lane]--;
		if (refused) this.shrink(lane, refused, now);
		else {
			this.guessedHoldMs = FIRST_HOLD_MS;
			this.isTrying = false;
			for (const window of this.windows) {
				if (window.limit.name !== 'runs' || lane === 'run') window.answeredAt.push(now);
			}
		}
		this.wake?.abort();
		void this.pump();
	}

	private shrink(lane: Lane, refused: Refused, now: number) {
		const isSameCollision = now < this.pausedUntil;
		const name = lane === 'run' ? 'runs' : 'minute';
		const window = this.windows.find(({ limit }) => limit.name === name);
		if (window && !isSameCollision) window.share.refused(window.answeredAt.length, now);
		this.isTrying = true;
		this.pausedUntil = Math.max(this.pausedUntil, now + this.holdFor(refused));
	}

	private holdFor(refused: Refused): number {
		if (refused.retryAfterMs !== null) return refused.retryAfterMs;
		const holdMs = this.guessedHoldMs;
		this.guessedHoldMs = Math.min(holdMs * 2, LONGEST_GUESSED_HOLD_MS);
		return holdMs;
	}

	private refuseLongHolds(now: number) {
		const hold = this.longestHold(now);
		if (!hold) return;
		for (const [owner, queue] of [...this.queues]) {
			const kept = queue.filter((waiter) => {
				if (hold.holdMs <= waiter.turn.maxHoldMs) return true;
				waiter.settle({ kind: 'held', ...hold });
				return false;
			});
			if (kept.length > 0) this.queues.set(owner, kept);
			else this.queues.delete(owner);
		}
	}

	private longestHold(
		now: number,
	): { limit: RateLimit['name'] | 'refused'; holdMs: number } | null {
		const hour = this.windows.find(({ limit }) => limit.name === 'hour');
		const hourMs = hour && this.inFlight.call === 0 ? this.windowWait(hour, 'call', now) : 0;
		const pausedMs = this.pausedUntil - now;
		const holdMs = Math.max(hourMs, pausedMs);
		if (holdMs <= 0) return null;
		return { limit: hourMs > pausedMs ? 'hour' : 'refused', holdMs };
	}
}

function once<T>(act: (value: T) => void): (value: T) => void {
	let done = false;
	return (value) => {
		if (done) return;
		done = true;
		act(value);
	};
}

const HOUR_MS = 3_600_000;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response#limitations */
const RUNS_PER_MINUTE = 10;

const budgets = new Map<string, RateBudget>();
const MOST_BUDGETS = 200;

/**
 * The budget of an app registration. The key holds everything that makes it another one: API,
 * tenant, app and the limits set in the credential.
 */
export function budgetOf(
	key: {
		apiUrl: string;
		tenantId: string;
		clientId: string;
		callsPerMinute: number;
		callsPerHour: number;
	},
	clock: Clock,
): RateBudget {
	const name = JSON.stringify(key);
	const known = budgets.get(name);
	if (known) return known;
	const oldest = budgets.keys().next();
	if (budgets.size >= MOST_BUDGETS && !oldest.done) budgets.delete(oldest.value);
	const budget = new RateBudget(
		[
			{ name: 'minute', calls: key.callsPerMinute, windowMs: MINUTE_MS },
			{ name: 'hour', calls: key.callsPerHour, windowMs: HOUR_MS },
			{ name: 'runs', calls: RUNS_PER_MINUTE, windowMs: MINUTE_MS },
		],
		clock,
	);
	budgets.set(name, budget);
	return budget;
}
