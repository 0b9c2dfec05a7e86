import { RateBudget, type Admission } from '../../../nodes/DefenderLiveResponse/limits/rateBudget';
import {
	appLimits,
	laneLimits,
	type Lane,
} from '../../../nodes/DefenderLiveResponse/limits/rateLimits';
import { VirtualClock } from '../../support/virtualClock.mts';

const LIMITS = [...appLimits({ perMinute: 100, perHour: 1500 }), ...laneLimits];

/** Of one call; none needs so many. */
const MOST_TRIES = 1000;

/** A service that refuses what is over its limit in any minute, as the API does. */
class Service {
	readonly accepted: number[] = [];
	refused = 0;

	constructor(
		private readonly clock: VirtualClock,
		private readonly perMinute: number,
		private readonly saysWhen = true,
	) {}

	/** Null when accepted. */
	call(): { retryAfterMs: number | null } | null {
		const now = this.clock.now();
		const counted = this.accepted.filter((at) => at > now - 60_000);
		if (counted.length < this.perMinute) {
			this.accepted.push(now);
			return null;
		}
		this.refused++;
		const freeInMs = counted[0] + 60_000 - now;
		return { retryAfterMs: this.saysWhen ? Math.ceil(freeInMs / 1000) * 1000 : null };
	}
}

async function admit(
	budget: RateBudget,
	more: { owner?: string; lane?: Lane; maxHoldMs?: number; signal?: AbortSignal } = {},
): Promise<Admission> {
	return await budget.admit({ owner: 'execution', lane: 'call', maxHoldMs: 300_000, ...more });
}

/** Makes `count` calls, each answered after `answerMs`, repeating what was refused. */
async function makeCalls(
	budget: RateBudget,
	clock: VirtualClock,
	count: number,
	done: (at: number) => void,
	service = new Service(clock, Number.POSITIVE_INFINITY),
	owner = 'execution',
	answerMs = 100,
	lane: Lane = 'call',
) {
	const one = async () => {
		for (let tries = 0; tries < MOST_TRIES; tries++) {
			const admission = await admit(budget, { owner, lane });
			if (admission.kind !== 'admitted') throw new Error(admission.kind);
			const refused = service.call();
			await clock.sleep(answerMs);
			admission.answered(refused);
			if (!refused) return done(clock.now());
		}
		throw new Error('The service refuses everything');
	};
	await Promise.all(Array.from({ length: count }, one));
}

describe('the rate budget', () => {
	it('lets ten calls through at once and a hundred within seconds', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const done: number[] = [];
		void makeCalls(budget, clock, 100, (at) => done.push(at));
		await clock.advance(300);
		expect(done.length).toBeGreaterThanOrEqual(10);
		await clock.advance(15_000);
		expect(done).toHaveLength(100);
	});

	it('fetches 1,000 results in 1.05 times the bound the limit allows, with no call refused', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const service = new Service(clock, 100);
		const done: number[] = [];
		void makeCalls(budget, clock, 1000, (at) => done.push(at), service);
		await clock.advance(9 * 60_000 * 1.05);
		expect(done).toHaveLength(1000);
		expect(service.refused).toBe(0);
	});

	it('never has more than a few calls under way, so that a refusal stops the rest in time', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const admitted: Admission[] = [];
		for (let call = 0; call < 30; call++) void admit(budget).then((given) => admitted.push(given));
		await clock.advance(1000);
		expect(admitted).toHaveLength(4);
	});

	it.each([1000, 1500])('fetches them in that time although an answer takes %i ms', async (ms) => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const service = new Service(clock, 100);
		const done: number[] = [];
		void makeCalls(budget, clock, 1000, (at) => done.push(at), service, 'execution', ms);
		// The limit is counted from the answer, so that each of the nine windows is longer by one.
		await clock.advance(9 * (60_000 + ms) * 1.05);
		expect(done).toHaveLength(1000);
		expect(service.refused).toBe(0);
	});

	it.each([5_000, 15_000, 30_000, 61_000, 90_000])(
		'a single urgent call, %i ms after a batch of 1,000 began, takes the next place',
		async (afterMs) => {
			const clock = new VirtualClock();
			const budget = new RateBudget(LIMITS, clock);
			const batch: number[] = [];
			void makeCalls(budget, clock, 1000, (at) => batch.push(at));
			await clock.advance(afterMs);
			const before = batch.length;
			let urgentAt = 0;
			void makeCalls(budget, clock, 1, (at) => (urgentAt = at), undefined, 'urgent');
			await clock.advance(60_000);
			expect(urgentAt).toBeGreaterThan(0);
			// Those under way when it came, and the one whose turn it was.
			expect(batch.filter((at) => at <= urgentAt).length - before).toBeLessThanOrEqual(5);
		},
	);

	it('ten small executions in the middle of a batch share the next places evenly', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		void makeCalls(budget, clock, 1000, () => {});
		await clock.advance(30_000);
		const done: number[] = [];
		for (let small = 0; small < 10; small++) {
			void makeCalls(budget, clock, 4, (at) => done.push(at), undefined, `small ${small}`);
		}
		await clock.advance(45_000);
		expect(done).toHaveLength(40);
	});

	it('lets an execution read while its own starts wait for their limit', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		for (let run = 0; run < 15; run++) {
			void admit(budget, { lane: 'run' }).then((given) => {
				if (given.kind === 'admitted') given.answered(null);
			});
		}
		await clock.advance(1000);
		let read: Admission | undefined;
		void admit(budget).then((given) => (read = given));
		await clock.advance(1000);
		expect(read).toMatchObject({ kind: 'admitted' });
	});

	it('a start that is refused holds back starts and nothing else', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const first = await admit(budget, { lane: 'run' });
		if (first.kind === 'admitted') first.answered({ retryAfterMs: 120_000 });
		let start: Admission | undefined;
		void admit(budget, { lane: 'run' }).then((given) => (start = given));
		await expect(admit(budget)).resolves.toMatchObject({ kind: 'admitted', heldMs: 0 });
		await clock.advance(119_000);
		expect(start).toBeUndefined();
		await clock.advance(2000);
		expect(start).toMatchObject({ kind: 'admitted', heldMs: 120_000 });
	});

	it('starts no more than ten live responses a minute, and lets other calls pass them', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		let started = 0;
		for (let run = 0; run < 15; run++) {
			void admit(budget, { owner: `run ${run}`, lane: 'run' }).then((given) => {
				started++;
				if (given.kind === 'admitted') given.answered(null);
			});
		}
		await clock.advance(1000);
		expect(started).toBe(10);
		await expect(admit(budget)).resolves.toMatchObject({ kind: 'admitted' });
		await clock.advance(60_000);
		expect(started).toBe(15);
	});

	it('holds everything back for as long as the service asks', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const first = await admit(budget);
		if (first.kind === 'admitted') first.answered({ retryAfterMs: 20_000 });
		let next: Admission | undefined;
		void admit(budget).then((given) => (next = given));
		await clock.advance(19_000);
		expect(next).toBeUndefined();
		await clock.advance(2000);
		expect(next).toMatchObject({ kind: 'admitted', waitedMs: 20_000 });
	});

	it.each([0, null])(
		'waits a little, and longer each time, when told to wait %p',
		async (asked) => {
			const clock = new VirtualClock();
			const budget = new RateBudget(LIMITS, clock);
			const waits: number[] = [];
			const refuse = async () => {
				for (let call = 0; call < 8; call++) {
					const given = await admit(budget);
					if (given.kind !== 'admitted') return;
					waits.push(given.waitedMs);
					given.answered({ retryAfterMs: asked });
				}
			};
			void refuse();
			await clock.advance(600_000);
			expect(waits).toEqual([0, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
		},
	);

	it('does not lock the app out for longer than an hour, whatever it is told', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const first = await admit(budget);
		if (first.kind === 'admitted') first.answered({ retryAfterMs: 1e12 });
		await clock.advance(3_600_000);
		await expect(admit(budget)).resolves.toMatchObject({ kind: 'admitted' });
	});

	it('goes on when the clock of the machine is set back', async () => {
		let setBack = 0;
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, {
			now: () => clock.now() + 86_400_000 - setBack,
			wallTime: clock.wallTime,
			sleep: async (ms, signal) => await clock.sleep(ms, signal),
		});
		const done: number[] = [];
		void makeCalls(budget, clock, 150, (at) => done.push(at));
		await clock.advance(20_000);
		expect(done).toHaveLength(100);
		setBack = 3_600_000;
		await clock.advance(2 * 60_000);
		expect(done).toHaveLength(150);
	});

	it('gives up when the service asks for longer than the user allows', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const first = await admit(budget);
		if (first.kind === 'admitted') first.answered({ retryAfterMs: 900_000 });
		await expect(admit(budget, { maxHoldMs: 300_000 })).resolves.toEqual({
			kind: 'held',
			limit: 'refused',
			calls: null,
			holdMs: 900_000,
		});
	});

	it('gives up when the hour is spent for longer than the user allows', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(
			[
				{ name: 'minute', calls: 100, windowMs: 60_000 },
				{ name: 'hour', calls: 100, windowMs: 3_600_000 },
			],
			clock,
		);
		void makeCalls(budget, clock, 100, () => {});
		await clock.advance(60_000);
		const refused = await admit(budget, { maxHoldMs: 300_000 });
		expect(refused).toMatchObject({ kind: 'held', limit: 'hour', calls: 100 });
	});

	it('ends the wait of a stopped execution, and leaves no timer behind', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const first = await admit(budget);
		if (first.kind === 'admitted') first.answered({ retryAfterMs: 60_000 });
		const stop = new AbortController();
		const waiting = admit(budget, { signal: stop.signal });
		await clock.advance(1000);
		stop.abort();
		await expect(waiting).resolves.toEqual({ kind: 'stopped' });
		await clock.advance(0);
		expect(clock.sleeping).toBe(0);
	});

	it.each([
		['seconds until a place is free', 100],
		['seconds until a place is free', 1000],
		['absent', 100],
		['absent', 1000],
	])(
		'four processes that share an app finish together with few refusals (Retry-After: %s, answers after %i ms)',
		async (retryAfter, answerMs) => {
			const clock = new VirtualClock();
			const service = new Service(clock, 100, retryAfter !== 'absent');
			const done: number[] = [];
			for (let process = 0; process < 4; process++) {
				const budget = new RateBudget(LIMITS, clock);
				void makeCalls(budget, clock, 250, (at) => done.push(at), service, 'batch', answerMs);
			}
			await clock.advance(9 * 60_000 * 1.25);
			expect(done).toHaveLength(1000);
			expect(service.refused).toBeLessThan(42);
		},
	);

	it.each([
		[7_000, 100, 1.25, 0.045],
		[20_000, 100, 1.25, 0.045],
		[90_000, 100, 1.25, 0.045],
		// Slow answers and late comers together: still everything, a little later.
		[20_000, 1000, 1.5, 0.07],
	])(
		'four processes that begin %i ms one after the other do so too (answers after %i ms)',
		async (apartMs, answerMs, timesBound, refusedShare) => {
			const clock = new VirtualClock();
			const service = new Service(clock, 100);
			const done: number[] = [];
			for (let process = 0; process < 4; process++) {
				const budget = new RateBudget(LIMITS, clock);
				void makeCalls(budget, clock, 250, (at) => done.push(at), service, 'batch', answerMs);
				await clock.advance(apartMs);
			}
			await clock.advance(9 * 60_000 * timesBound - 4 * apartMs);
			expect(done).toHaveLength(1000);
			expect(service.refused).toBeLessThan(1000 * refusedShare);
		},
	);

	it.each([
		[3, 100],
		[3, 1000],
		[4, 100],
		[6, 1000],
	])(
		'%i processes that start scripts with one app lose little to refusals, and no minute (answers after %i ms)',
		async (processes, answerMs) => {
			const clock = new VirtualClock();
			const service = new Service(clock, 10);
			const done: number[] = [];
			for (let process = 0; process < processes; process++) {
				const budget = new RateBudget(LIMITS, clock);
				const tell = (at: number) => done.push(at);
				void makeCalls(budget, clock, 60 / processes, tell, service, 'batch', answerMs, 'run');
			}
			await clock.advance(5 * 60_000 + 30_000);
			expect(done).toHaveLength(60);
			// Each process meets the limit once in each of the six minutes.
			expect(service.refused).toBeLessThanOrEqual(6 * processes);
		},
	);

	it.each([
		[6, 6, 3],
		[9, 3, 3],
		[3, 3, 9],
		[1, 1, 13],
	])(
		'three processes with %i, %i and %i devices share the starts of two minutes, with one start spent before',
		async (...devices) => {
			const clock = new VirtualClock();
			const service = new Service(clock, 10);
			const budgets = devices.map(() => new RateBudget(LIMITS, clock));
			await Promise.all([
				makeCalls(budgets[0], clock, 1, () => {}, service, 'earlier', 400, 'run'),
				clock.advance(8000),
			]);
			const done: number[] = [];
			for (const [index, count] of devices.entries()) {
				const tell = (at: number) => done.push(at);
				void makeCalls(budgets[index], clock, count, tell, service, 'batch', 400, 'run');
			}
			await clock.advance(75_000);
			expect(done).toHaveLength(15);
		},
	);

	it('leaves the next places to others when it found none for a start twice in a row', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const triedAt: number[] = [];
		const tryToStart = async () => {
			for (let tries = 0; tries < MOST_TRIES; tries++) {
				const given = await admit(budget, { lane: 'run' });
				triedAt.push(clock.now() / 1000);
				if (given.kind === 'admitted') given.answered({ retryAfterMs: 6000 });
			}
		};
		void tryToStart();
		await clock.advance(150_000);
		expect(triedAt.slice(0, 6)).toEqual([0, 6, 17, 33, 59, 95]);
	});

	it('n8n started anew with a spent limit loses little to refusals', async () => {
		const clock = new VirtualClock();
		const service = new Service(clock, 100);
		const done: number[] = [];
		void makeCalls(new RateBudget(LIMITS, clock), clock, 100, () => {}, service);
		await clock.advance(20_000);
		void makeCalls(new RateBudget(LIMITS, clock), clock, 1000, (at) => done.push(at), service);
		await clock.advance(10 * 60_000 * 1.05);
		expect(done).toHaveLength(1000);
		expect(service.refused).toBeLessThan(10);
	});

	it('takes the whole limit again when the others are gone', async () => {
		const clock = new VirtualClock();
		const service = new Service(clock, 100);
		const done: number[] = [];
		void makeCalls(new RateBudget(LIMITS, clock), clock, 2000, (at) => done.push(at), service);
		void makeCalls(new RateBudget(LIMITS, clock), clock, 150, () => {}, service, 'other');
		await clock.advance(15 * 60_000);
		const before = done.length;
		await clock.advance(60_000);
		expect(done.length - before).toBeGreaterThanOrEqual(95);
	});
});
