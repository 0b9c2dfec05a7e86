/** When a call may go out: one budget for all that use the same app registration in this process. */
import type { Clock } from './clock';
import { LANES, rateLimits, type CallLimits, type Lane } from './rateLimits';
import { SharedLimit, type Hold, type Refused } from './sharedLimit';
import { WaitingLine } from './waitingLine';

export interface Turn {
	/** Executions take turns, so that a single urgent call does not wait for a big batch. */
	owner: string;
	lane: Lane;
	limits: CallLimits;
	/** Clock time when the call asked first, and whether it was refused since: then it goes first. */
	since: number;
	isAgain: boolean;
	/** The longest hold beyond the place in the line, and the longest time without a free session. */
	maxHoldMs: number;
	maxSessionWaitMs: number;
	/** What has ended gets no place, and leaves a little later. */
	signal?: AbortSignal;
}

/** What became of a call; an `unsent` one never reached the service. */
export type Answered = 'counted' | 'unsent' | Refused;

export type Admission =
	/** `heldMs` is the wait, if a limit was the reason. To be closed with `answered`, once. */
	| { kind: 'admitted'; heldMs: number; answered(how: Answered): void }
	| ({ kind: 'held' } & Hold)
	| { kind: 'stopped' };

type Waiter = Turn & { askedAt: number; settle(admission: Admission): void };

/** The calls that count against the same limits; `limitedAt` is when these last kept one waiting. */
class LaneState {
	readonly line = new WaitingLine<Waiter>();
	limitedAt = -1;
	constructor(readonly limits: SharedLimit[]) {}
}

export class RateBudget {
	/** How many calls wait or are under way, by the limits of their credential. */
	readonly inUse = new Map<CallLimits, number>();
	private readonly limits: SharedLimit[];
	private readonly lanes: LaneState[];
	private alarm = { at: Infinity, stop: new AbortController() };

	constructor(
		limits: CallLimits,
		private readonly clock: Clock,
	) {
		this.limits = rateLimits(limits).map((limit) => new SharedLimit(limit));
		this.lanes = LANES.map(
			(lane) => new LaneState(this.limits.filter(({ limit }) => (limit.lane ?? lane) === lane)),
		);
	}

	/** @returns the place, and how to leave the line without one */
	ask(turn: Turn): { admission: Promise<Admission>; leave(): void } {
		const lane = this.lanes[LANES.indexOf(turn.lane)];
		let settle: (admission: Admission) => void = () => {};
		const admission = new Promise<Admission>((resolve) => (settle = resolve));
		const waiter: Waiter = { ...turn, askedAt: this.clock.now(), settle };
		this.count(turn.limits, 1);
		lane.line.add(waiter);
		this.pump();
		const leave = () => {
			this.end(lane, waiter, { kind: 'stopped' });
			this.pump();
		};
		return { admission, leave };
	}

	private end({ line }: LaneState, waiter: Waiter, admission: Admission): void {
		if (!line.remove(waiter)) return;
		this.count(waiter.limits, -1);
		waiter.settle(admission);
	}

	/** The smallest limits of those in use are those that count. */
	private count(limits: CallLimits, change: number): void {
		const calls = (this.inUse.get(limits) ?? 0) + change;
		if (calls > 0) this.inUse.set(limits, calls);
		else this.inUse.delete(limits);
		const used = [...this.inUse.keys()].map((each) => rateLimits(each));
		for (const [at, limit] of this.limits.entries()) {
			if (used.length > 0) limit.calls = Math.min(...used.map((each) => each[at].calls));
		}
	}

	/** Lets out whoever may go, one of each lane in turn, and looks again when the next one may. */
	private pump(): void {
		const now = this.clock.now();
		let [soonest, isGoing] = [Infinity, true];
		while (isGoing) {
			[soonest, isGoing] = [Infinity, false];
			for (const lane of this.lanes) {
				const opensAt = Math.max(...lane.limits.map((limit) => limit.opensAt(now)));
				if (opensAt > now) this.endLongHolds(lane, now);
				const waiter = lane.line.first(({ signal }) => signal?.aborted !== true);
				if (!waiter) continue;
				if (opensAt > now) {
					lane.limitedAt = now;
					soonest = Math.min(soonest, opensAt);
				} else if (!lane.limits.some((limit) => limit.isBusy(now))) {
					isGoing = lane.line.remove(waiter, true);
					this.begin(waiter, lane, now);
				}
			}
		}
		if (this.alarm.at !== soonest) this.wakeIn(soonest - now, soonest);
	}

	private begin(waiter: Waiter, { limits, limitedAt }: LaneState, now: number): void {
		for (const limit of limits) limit.inFlight++;
		const answered = (how: Answered) => {
			const at = this.clock.now();
			for (const limit of limits) {
				limit.end(at, how === 'counted');
				if (typeof how === 'object' && how.limit === limit.limit.name) limit.refused(how, at);
			}
			this.count(waiter.limits, -1);
			this.pump();
		};
		const { askedAt, settle } = waiter;
		settle({ kind: 'admitted', heldMs: limitedAt >= askedAt ? now - askedAt : 0, answered });
	}

	/** Of those whose turn is next; then it is another's. */
	private endLongHolds(lane: LaneState, now: number): void {
		const holdOf = (waiter: Waiter) =>
			lane.limits.map((limit) => limit.tooLong(waiter, now)).find((hold) => hold !== null);
		for (;;) {
			const waiter = lane.line.first((next) => holdOf(next) !== undefined);
			const hold = waiter && holdOf(waiter);
			if (!hold) return;
			this.end(lane, waiter, { kind: 'held', ...hold });
		}
	}

	private wakeIn(ms: number, at: number): void {
		this.alarm.stop.abort();
		const alarm = (this.alarm = { at, stop: new AbortController() });
		if (at === Infinity) return;
		void this.clock.sleep(ms, alarm.stop.signal).then((passed) => {
			if (!passed) return;
			alarm.at = Infinity;
			this.pump();
		});
	}
}
