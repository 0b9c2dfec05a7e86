/**
 * What one app registration may spend on API calls. The limits are those of the API, so the budget
 * is shared by everything in this process that uses the same app registration.
 */
import type { Clock } from './clock';
import { FairQueue } from './fairQueue';
import { holdAfterRefusal } from './holdAfterRefusal';
import { MINUTE_MS, MOST_IN_FLIGHT_OF_A_LANE, type Lane, type RateLimit } from './rateLimits';
import { RateWindow } from './rateWindow';

export interface Turn {
	/** Executions take turns, so that a single urgent call does not wait for a big batch. */
	owner: string;
	lane: Lane;
	/** The longest hold beyond the place in the queue: a Retry-After, a spent hour. */
	maxHoldMs: number;
	signal?: AbortSignal;
}

/** Too long a hold for this call. `calls` is how many the spent limit allows, if one is known. */
export interface Hold {
	limit: 'hour' | 'refused';
	calls: number | null;
	holdMs: number;
}

export type Admission =
	| {
			kind: 'admitted';
			/** The whole wait, and how much of it if a limit was the reason. */
			waitedMs: number;
			heldMs: number;
			answered(refused: Refused | null): void;
	  }
	| ({ kind: 'held' } & Hold)
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

interface LaneState {
	inFlight: number;
	pausedUntil: number;
	/** After a refusal one call goes first, and the others follow when it was not refused. */
	isProbing: boolean;
	refusedAt: number;
	/** Refusals since the last call that was not refused; calls under way together count once. */
	refusedInARow: number;
	/** Holds in a row whose length the service did not say. */
	guessedHolds: number;
	/** When a limit was last seen to hold this lane back. */
	limitedAt: number;
}

/** Few enough that a refusal stops the rest before they are sent too. */
const FEWEST_IN_FLIGHT = 4;
const MOST_IN_FLIGHT = 20;
const CALLS_PER_MINUTE_IN_FLIGHT = 25;
/** So long after a refusal in a lane with a limit of its own, others are taken to use it too. */
const LANE_SHARED_MS = 2 * MINUTE_MS;
/** Left to others by a process that found no place in such a lane twice in a row; then twice as long. */
const FIRST_YIELD_MS = 5000;
const LONGEST_YIELD_MS = 30_000;
/** Enough calls are under way for this many times the long-run rate, also when answers are slow. */
const RATE_IN_FLIGHT = 2.5;
const LATENCY_SMOOTHING = 0.2;
/**
 * Beyond a small burst, calls go out at four times the rate the limit allows in the long run. That
 * costs a big batch next to nothing, and lets processes that share the limit find even shares.
 */
const BURST_SHARE = 0.1;
const PACE = 4;
/** Only the answer of a call under way makes room. */
const UNTIL_ANSWERED = Number.POSITIVE_INFINITY;

export class RateBudget {
	private readonly windows: RateWindow[];
	private mostInFlight = FEWEST_IN_FLIGHT;
	private gapMs = 0;
	private burstMs = 0;
	private latencyMs = 0;
	/** When the next call would go out at an even pace. */
	private pacedAt = 0;
	private readonly queue = new FairQueue<Waiter>();
	private readonly lanes = new Map<Lane, LaneState>();
	private isPumping = false;
	private wake: AbortController | null = null;
	private lastNow = 0;
	private setBackMs = 0;

	constructor(
		limits: RateLimit[],
		private readonly clock: Clock,
	) {
		for (const { lane } of limits) this.lane(lane ?? 'call');
		this.windows = limits.map((limit) => new RateWindow(limit));
		this.changeLimits(limits);
	}

	/** The user may set other limits for the app registration at any time. */
	changeLimits(limits: RateLimit[]): void {
		for (const { name, calls } of limits) {
			this.windows.find((window) => window.name === name)?.changeCalls(calls);
		}
		const perMinute = limits.find(({ name }) => name === 'minute')?.calls ?? 0;
		this.gapMs = perMinute > 0 ? MINUTE_MS / (perMinute * PACE) : 0;
		this.burstMs = this.gapMs * Math.max(1, perMinute * BURST_SHARE);
		this.mostInFlight = clamp(
			Math.floor(perMinute / CALLS_PER_MINUTE_IN_FLIGHT),
			FEWEST_IN_FLIGHT,
			MOST_IN_FLIGHT,
		);
		this.wake?.abort();
	}

	/** Waits for a place. Every admission must be closed with `answered`. */
	async admit(turn: Turn): Promise<Admission> {
		if (turn.signal?.aborted) return { kind: 'stopped' };
		return await new Promise<Admission>((resolve) => {
			const stop = () => {
				this.queue.removeAll((other) => other === waiter);
				waiter.settle({ kind: 'stopped' });
				this.wake?.abort();
			};
			const waiter: Waiter = {
				turn,
				since: this.now(),
				settle: (admission) => {
					turn.signal?.removeEventListener('abort', stop);
					resolve(admission);
				},
			};
			turn.signal?.addEventListener('abort', stop, { once: true });
			// A lane waits in a queue of its own: reads of the same execution may pass starts.
			this.queue.add(`${turn.lane} ${turn.owner}`, waiter);
			this.wake?.abort();
			void this.pump();
		});
	}

	private async pump() {
		if (this.isPumping) return;
		this.isPumping = true;
		try {
			while (!this.queue.isEmpty) {
				const now = this.now();
				this.refuseLongHolds(now);
				const waitMs = this.admitNext(now);
				if (waitMs === 0 || this.queue.isEmpty) continue;
				this.wake = new AbortController();
				await (waitMs === UNTIL_ANSWERED
					? aborted(this.wake.signal)
					: this.clock.sleep(waitMs, this.wake.signal));
				this.wake = null;
			}
		} finally {
			this.isPumping = false;
		}
	}

	/** Admits the first waiter whose lane has room; else the time until the next one may have. */
	private admitNext(now: number): number {
		let soonest = UNTIL_ANSWERED;
		for (const [owner, waiter] of this.queue.next()) {
			const waitMs = this.waitFor(waiter.turn.lane, now);
			if (waitMs > 0) {
				soonest = Math.min(soonest, waitMs);
				continue;
			}
			this.queue.serve(owner);
			this.begin(waiter, now);
			return 0;
		}
		return soonest;
	}

	private begin({ turn, since, settle }: Waiter, now: number) {
		this.pacedAt = Math.max(this.pacedAt, now) + this.gapMs;
		this.lane(turn.lane).inFlight++;
		for (const window of this.windowsOf(turn.lane)) window.begin();
		settle({
			kind: 'admitted',
			waitedMs: now - since,
			heldMs: this.lane(turn.lane).limitedAt >= since ? now - since : 0,
			answered: once((refused) => this.answered(turn.lane, now, refused)),
		});
	}

	private waitFor(lane: Lane, now: number): number {
		const limitedMs = Math.max(
			this.pausedMs(lane, now),
			...this.windowsOf(lane).map((window) => window.waitMs(now) ?? UNTIL_ANSWERED),
		);
		if (limitedMs > 0) this.lane(lane).limitedAt = now;
		const most = this.lane('call').isProbing ? 1 : this.placesInFlight(now);
		const isFull =
			this.inFlight >= most || this.lane(lane).inFlight >= this.placesInLane(lane, now);
		const pacedMs = this.pacedAt - this.burstMs - now;
		return Math.max(isFull ? UNTIL_ANSWERED : 0, limitedMs, pacedMs);
	}

	/**
	 * Slow answers need more calls under way. Where others share the limit no more than needed are,
	 * and one at a time when more is tried than is known to get through: each may be refused.
	 */
	private placesInFlight(now: number): number {
		const minute = this.windows.find(({ name }) => name === 'minute');
		if (!minute) return this.mostInFlight;
		const proven = minute.provenAt(now);
		const isShared = proven < minute.calls;
		if (isShared && minute.isProbing(now)) return 1;
		const needed = Math.round((this.latencyMs * RATE_IN_FLIGHT * proven) / MINUTE_MS);
		return isShared
			? clamp(needed, 1, FEWEST_IN_FLIGHT)
			: clamp(needed, this.mostInFlight, MOST_IN_FLIGHT);
	}

	private placesInLane(lane: Lane, now: number): number {
		if (lane === 'call') return Number.POSITIVE_INFINITY;
		const { isProbing, refusedAt } = this.lane(lane);
		return isProbing || now - refusedAt < LANE_SHARED_MS ? 1 : MOST_IN_FLIGHT_OF_A_LANE;
	}

	/** A refusal in a lane of its own says nothing about other calls; a refused call holds for all. */
	private pausedMs(lane: Lane, now: number): number {
		const until = Math.max(this.lane('call').pausedUntil, this.lane(lane).pausedUntil);
		return Math.max(0, until - now);
	}

	private windowsOf(lane: Lane): RateWindow[] {
		return this.windows.filter((window) => window.counts(lane));
	}

	private lane(lane: Lane): LaneState {
		const known = this.lanes.get(lane) ?? idleLane();
		this.lanes.set(lane, known);
		return known;
	}

	private get inFlight(): number {
		return [...this.lanes.values()].reduce((sum, { inFlight }) => sum + inFlight, 0);
	}

	private answered(lane: Lane, sentAt: number, refused: Refused | null) {
		const now = this.now();
		this.lane(lane).inFlight--;
		this.latencyMs += (now - sentAt - this.latencyMs) * LATENCY_SMOOTHING;
		for (const window of this.windowsOf(lane)) window.end(now, refused === null);
		if (refused) this.shrink(lane, refused, now);
		else {
			for (const passed of new Set<Lane>(['call', lane])) {
				Object.assign(this.lane(passed), { guessedHolds: 0, isProbing: false, refusedInARow: 0 });
			}
		}
		this.wake?.abort();
		void this.pump();
	}

	private shrink(lane: Lane, refused: Refused, now: number) {
		const state = this.lane(lane);
		const isSameCollision = now < state.pausedUntil;
		if (!isSameCollision) {
			state.refusedInARow++;
			// Shares of ten starts would be too coarse: who gets places takes them as they come.
			if (lane === 'call') this.windows.find(({ name }) => name === 'minute')?.refused(now);
		}
		state.isProbing = true;
		state.refusedAt = now;
		const holdMs = holdFor(state, refused) + (lane === 'call' ? 0 : yieldFor(state));
		state.pausedUntil = Math.max(state.pausedUntil, now + holdMs);
	}

	private refuseLongHolds(now: number) {
		const holds = new Map([...this.lanes.keys()].map((lane) => [lane, this.holdOf(lane, now)]));
		const tooLong = ({ turn }: Waiter) => (holds.get(turn.lane)?.holdMs ?? 0) > turn.maxHoldMs;
		for (const waiter of this.queue.removeAll(tooLong)) {
			const hold = holds.get(waiter.turn.lane);
			if (hold) waiter.settle({ kind: 'held', ...hold });
		}
	}

	/** Holds that are no place in a queue: the service said when, or the hour is spent. */
	private holdOf(lane: Lane, now: number): Hold | null {
		const hour = this.windows.find(({ name }) => name === 'hour');
		const hourMs = hour?.waitMs(now) ?? 0;
		const pausedMs = this.pausedMs(lane, now);
		if (hour && hourMs > pausedMs) return { limit: 'hour', calls: hour.calls, holdMs: hourMs };
		return pausedMs > 0 ? { limit: 'refused', calls: null, holdMs: pausedMs } : null;
	}

	/** Never goes back, even when the system's clock is set back: that must not stop all calls. */
	private now(): number {
		const now = this.clock.now();
		this.setBackMs += Math.max(0, this.lastNow - now);
		this.lastNow = now;
		return now + this.setBackMs;
	}
}

function idleLane(): LaneState {
	return {
		inFlight: 0,
		pausedUntil: 0,
		isProbing: false,
		refusedAt: Number.NEGATIVE_INFINITY,
		refusedInARow: 0,
		guessedHolds: 0,
		limitedAt: Number.NEGATIVE_INFINITY,
	};
}

function holdFor(state: LaneState, { retryAfterMs }: Refused): number {
	const isGuess = retryAfterMs === null || retryAfterMs <= 0;
	return holdAfterRefusal(retryAfterMs, isGuess ? state.guessedHolds++ : 0);
}

function yieldFor({ refusedInARow }: LaneState): number {
	if (refusedInARow < 2) return 0;
	return Math.min(FIRST_YIELD_MS * 2 ** (refusedInARow - 2), LONGEST_YIELD_MS);
}

const aborted = async (signal: AbortSignal) =>
	await new Promise<void>((resolve) =>
		signal.addEventListener('abort', () => resolve(), { once: true }),
	);

const clamp = (value: number, least: number, most: number) =>
	Math.min(most, Math.max(least, value));

function once<T>(act: (value: T) => void): (value: T) => void {
	let done = false;
	return (value) => {
		if (done) return;
		done = true;
		act(value);
	};
}
