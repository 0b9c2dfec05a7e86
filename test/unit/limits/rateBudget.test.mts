import { RateBudget, type Admission } from '../../../nodes/DefenderLiveResponse/limits/rateBudget';
import type { Refused } from '../../../nodes/DefenderLiveResponse/limits/sharedLimit';
import {
	documentedLimits,
	makeCalls,
	PlayedLimits,
	turn,
	type Counting,
} from '../../support/playedLimits.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const refused = (more: Partial<Refused> = {}): Refused => ({
	limit: 'minute',
	isNamed: false,
	retryAfterMs: null,
	...more,
});

function begin(counting: Counting = 'plain') {
	const clock = new VirtualClock();
	const budget = new RateBudget(documentedLimits, clock);
	const ask = async (more: Parameters<typeof turn>[0] = {}) =>
		await budget.ask(turn({ since: clock.now(), ...more })).admission;
	/** What came of it, as soon as that is known. */
	const asked = (more: Parameters<typeof turn>[0] = {}) => {
		const known: { admission?: Admission } = {};
		void ask(more).then((admission) => (known.admission = admission));
		return known;
	};
	const refuse = async (how: Refused, more: Parameters<typeof turn>[0] = {}) => {
		const admission = await ask(more);
		if (admission.kind !== 'admitted') throw new Error(admission.kind);
		admission.answered(how);
	};
	return { clock, budget, ask, asked, refuse, service: new PlayedLimits(clock, { counting }) };
}

const minutes = (count: number) => count * 60_000;

describe('calls that fit the limits', () => {
	it('wait for nothing: ninety are answered within two seconds where one takes 150 ms', async () => {
		const { clock, budget, service } = begin();
		await clock.runUntil(
			makeCalls(budget, service, clock, { count: 90, atOnce: 20, answerMs: 150 }),
		);
		expect(clock.now()).toBeLessThanOrEqual(2000);
	});

	it.each([100, 1000])(
		'a thousand take no more than 1.03 times what the limits allow, and none is refused (answers after %i ms)',
		async (answerMs) => {
			const { clock, budget, service } = begin();
			await clock.runUntil(
				makeCalls(budget, service, clock, { count: 1000, atOnce: 20, answerMs }),
			);
			// The limit is counted from the answer, so that each of the nine windows is longer by one.
			expect(clock.now()).toBeLessThanOrEqual(1.03 * 9 * (60_000 + answerMs));
			expect(service.refused).toBe(0);
		},
	);

	it('are no more than a dozen under way, so that a refusal stops the rest in time', async () => {
		const { clock, asked } = begin();
		const calls = Array.from({ length: 30 }, () => asked());
		await clock.advance(1000);
		expect(calls.filter(({ admission }) => admission).length).toBeLessThanOrEqual(12);
	});

	it('one that was never sent leaves its place to another', async () => {
		const { clock, ask, asked } = begin();
		for (let start = 0; start < 20; start++) {
			const admission = await ask({ lane: 'run' });
			if (admission.kind === 'admitted') admission.answered('unsent');
		}
		const last = asked({ lane: 'run' });
		await clock.advance(0);
		expect(last.admission).toMatchObject({ kind: 'admitted', heldMs: 0 });
	});
});

describe('turns', () => {
	it.each([5_000, 30_000, 61_000, 90_000])(
		'a single urgent call, %i ms after a batch of 1,000 began, takes the next place',
		async (afterMs) => {
			const { clock, budget, service } = begin();
			let batch = 0;
			void makeCalls(budget, service, clock, { count: 1000, done: () => batch++ });
			await clock.advance(afterMs);
			const before = batch;
			let since: number | undefined;
			const done = () => (since = batch - before);
			void makeCalls(budget, service, clock, { count: 1, owner: 'urgent', done });
			await clock.advance(minutes(1));
			// Those under way when it came, and the one whose turn it was.
			expect(since).toBeLessThanOrEqual(13);
		},
	);

	it('ten small executions in the middle of a batch are served within its next minute', async () => {
		const { clock, budget, service } = begin();
		void makeCalls(budget, service, clock, { count: 1000 });
		await clock.advance(30_000);
		let done = 0;
		for (let small = 0; small < 10; small++) {
			const owner = `small ${small}`;
			void makeCalls(budget, service, clock, { count: 4, owner, done: () => done++ });
		}
		await clock.advance(45_000);
		expect(done).toBe(40);
	});

	it.each<Counting>(['plain', 'harsh'])(
		'starts go out in the order of the items, also those that are refused (%s)',
		async (counting) => {
			const { clock, budget, service } = begin(counting);
			const others = new RateBudget(documentedLimits, clock);
			void makeCalls(others, service, clock, { count: 15, lane: 'run' });
			const order: number[] = [];
			const done = (item: number) => order.push(item);
			void makeCalls(budget, service, clock, { count: 30, lane: 'run', answerMs: 300, done });
			await clock.advance(minutes(8));
			expect(service.refused).toBeGreaterThan(0);
			// Two may be under way at a time.
			for (const [at, item] of order.entries()) expect(Math.abs(item - at)).toBeLessThanOrEqual(1);
			expect(order).toHaveLength(30);
		},
	);

	it('starts ten live responses a minute, and lets other calls pass those that wait', async () => {
		const { clock, budget, service, ask } = begin();
		let started = 0;
		void makeCalls(budget, service, clock, { count: 15, lane: 'run', done: () => started++ });
		await clock.advance(5000);
		expect(started).toBe(10);
		expect(await ask()).toMatchObject({ kind: 'admitted', heldMs: 0 });
		await clock.advance(minutes(1));
		expect(started).toBe(15);
	});
});

describe('a call that is refused', () => {
	it('holds everything back for as long as the service asks', async () => {
		const { clock, refuse, asked } = begin();
		await refuse(refused({ retryAfterMs: 20_000 }));
		const next = asked();
		await clock.advance(19_000);
		expect(next.admission).toBeUndefined();
		await clock.advance(2000);
		expect(next.admission).toMatchObject({ kind: 'admitted', heldMs: 20_000 });
	});

	it.each([0, null])(
		'waits a little, and longer each time, when told to wait %p',
		async (retryAfterMs) => {
			const { clock, ask } = begin();
			const waits: number[] = [];
			const refuse = async () => {
				for (let call = 0; call < 8; call++) {
					const given = await ask();
					if (given.kind !== 'admitted') return;
					waits.push(given.heldMs);
					given.answered(refused({ retryAfterMs }));
				}
			};
			void refuse();
			await clock.advance(minutes(10));
			expect(waits).toEqual([0, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
		},
	);

	it('waits until its own calls have left the limit that the service names', async () => {
		const { clock, ask, refuse, asked } = begin();
		const first = await ask();
		if (first.kind === 'admitted') first.answered('counted');
		await clock.advance(10_000);
		await refuse(refused({ isNamed: true }));
		const next = asked();
		await clock.advance(49_000);
		expect(next.admission).toBeUndefined();
		await clock.advance(2000);
		expect(next.admission).toMatchObject({ kind: 'admitted' });
	});

	it("keeps to the first of an hour's calls, however many are younger", async () => {
		const { clock, budget, service, refuse, asked } = begin();
		await clock.runUntil(makeCalls(budget, service, clock, { count: 1, answerMs: 100 }));
		for (let minute = 0; minute < 58; minute++) {
			await clock.advance(minutes(1));
			await clock.runUntil(makeCalls(budget, service, clock, { count: 10, answerMs: 100 }));
		}
		await refuse(refused({ limit: 'hour', isNamed: true }));
		const next = asked({ maxHoldMs: 300_000 });
		await clock.advance(minutes(3));
		expect(next.admission).toMatchObject({ kind: 'admitted' });
	});

	it('counts refusals of calls under way together as one, and goes on guessing where one of them passed', async () => {
		const { clock, ask, asked } = begin();
		const underWay = await Promise.all(Array.from({ length: 3 }, async () => await ask()));
		const answer = (at: number, how: Refused | 'counted') => {
			const admission = underWay[at];
			if (admission.kind === 'admitted') admission.answered(how);
		};
		answer(0, refused());
		answer(1, refused());
		answer(2, 'counted');
		const second = asked();
		await clock.advance(2001);
		expect(second.admission).toMatchObject({ kind: 'admitted' });
		if (second.admission?.kind === 'admitted') second.admission.answered(refused());
		const third = asked();
		await clock.advance(3000);
		expect(third.admission).toBeUndefined();
		await clock.advance(1001);
		expect(third.admission).toMatchObject({ kind: 'admitted' });
	});

	it('does not lock the app out for longer than an hour, whatever it is told', async () => {
		const { clock, ask, refuse } = begin();
		await refuse(refused({ retryAfterMs: 1e12 }));
		await clock.advance(minutes(60));
		expect(await ask()).toMatchObject({ kind: 'admitted' });
	});

	it('gives up when the service asks for longer than the user allows', async () => {
		const { ask, refuse } = begin();
		await refuse(refused({ retryAfterMs: 900_000 }));
		expect(await ask({ maxHoldMs: 300_000 })).toEqual({
			kind: 'held',
			limit: 'minute',
			calls: 100,
			holdMs: 900_000,
		});
	});

	it('gives up those that wait already, too', async () => {
		const { clock, ask, asked } = begin();
		const under = await Promise.all(Array.from({ length: 6 }, async () => await ask()));
		const waiting = asked({ maxHoldMs: 300_000 });
		for (const one of under) {
			if (one.kind === 'admitted') one.answered(refused({ retryAfterMs: 900_000 }));
		}
		await clock.advance(0);
		expect(waiting.admission).toMatchObject({ kind: 'held', holdMs: 900_000 });
	});

	it('gives up when the hour is used up for longer than the user allows', async () => {
		const { clock, budget, service, ask } = begin();
		await clock.runUntil(makeCalls(budget, service, clock, { count: 1500, atOnce: 20 }));
		await clock.advance(minutes(1));
		expect(await ask({ maxHoldMs: 300_000 })).toMatchObject({
			kind: 'held',
			limit: 'hour',
			calls: 1500,
		});
	});

	it('that is a start holds back starts and nothing else', async () => {
		const { clock, ask, asked, refuse } = begin();
		await refuse(refused({ limit: 'runs', retryAfterMs: 120_000 }), { lane: 'run' });
		const start = asked({ lane: 'run' });
		expect(await ask()).toMatchObject({ kind: 'admitted', heldMs: 0 });
		await clock.advance(119_000);
		expect(start.admission).toBeUndefined();
		await clock.advance(2000);
		expect(start.admission).toMatchObject({ kind: 'admitted', heldMs: 120_000 });
	});

	it('that is a start holds back every call when the service says that all calls are used up', async () => {
		const { clock, asked, refuse } = begin();
		await refuse(refused({ isNamed: true, retryAfterMs: 30_000 }), { lane: 'run' });
		const read = asked();
		await clock.advance(29_000);
		expect(read.admission).toBeUndefined();
		await clock.advance(2000);
		expect(read.admission).toMatchObject({ kind: 'admitted' });
	});
});

describe('a tenant whose sessions are all taken', () => {
	const full = refused({ limit: 'sessions' });
	/** Starts that are refused until the time, and what became of each. */
	function startUntil(freeAt: number, starts: number, maxSessionWaitMs: number) {
		const { clock, budget } = begin();
		const tries: number[] = [];
		const outcomes: string[] = [];
		const start = async () => {
			for (let again = false; ; again = true) {
				const asked = turn({ lane: 'run', isAgain: again, maxSessionWaitMs, maxHoldMs: 0 });
				const admission = await budget.ask(asked).admission;
				if (admission.kind !== 'admitted') {
					outcomes.push(admission.kind === 'held' ? admission.limit : admission.kind);
					return;
				}
				tries.push(clock.now() / 1000);
				await clock.sleep(200);
				const isFree = clock.now() >= freeAt;
				admission.answered(isFree ? 'counted' : full);
				if (isFree) return outcomes.push('started');
			}
		};
		for (let at = 0; at < starts; at++) void start();
		return { clock, budget, tries, outcomes };
	}

	it('is asked again at a sane pace, by one start for all of them', async () => {
		const { clock, tries, outcomes } = startUntil(minutes(6), 8, minutes(15));
		await clock.advance(minutes(5));
		expect(outcomes).toEqual([]);
		expect(tries.length).toBeLessThan(12);
		await clock.advance(minutes(3));
		expect(outcomes).toEqual(Array.from({ length: 8 }, () => 'started'));
	});

	it('ends the starts within their longest wait', async () => {
		const { clock, outcomes } = startUntil(Infinity, 5, minutes(10));
		await clock.advance(minutes(10));
		expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'sessions'));
	});

	it('keeps no other call waiting', async () => {
		const { clock, budget } = startUntil(Infinity, 5, minutes(10));
		await clock.advance(minutes(1));
		expect(await budget.ask(turn()).admission).toMatchObject({ kind: 'admitted', heldMs: 0 });
	});
});

describe('processes that share an app registration', () => {
	it.each<[Counting, number, number, number]>([
		['plain', 30, 500, 1.15],
		['plain', 100, 500, 1.15],
		['plain', 100, 2000, 1.15],
		['plain', 1000, 500, 1.15],
		['harsh', 100, 500, 1.15],
		['harsh', 100, 2000, 1.25],
		['harsh', 1000, 500, 1.15],
	])(
		'four have a thousand results with fewer than 5 in 100 calls refused (%s, answers after %i ms, %i ms apart: within %d times what the limits allow)',
		async (counting, answerMs, apartMs, timesBound) => {
			const { clock, service } = begin(counting);
			const all = Array.from({ length: 4 }, async (_, process) => {
				await clock.sleep((process * apartMs) / 3);
				const budget = new RateBudget(documentedLimits, clock);
				await makeCalls(budget, service, clock, { count: 250, atOnce: 20, answerMs });
			});
			await clock.runUntil(Promise.all(all));
			expect(clock.now()).toBeLessThanOrEqual(timesBound * minutes(9));
			expect(service.refused / (service.calls + service.refused)).toBeLessThan(0.05);
		},
	);

	it.each([0, 13_000, 29_000, 47_000])(
		'wait for others too where the service only names the limit: none of their calls is refused again and again (%i ms into its minute)',
		async (intoTheWindowMs) => {
			for (const answerMs of [30, 100, 700, 1500]) {
				for (const apartMs of [60, 600, 2000]) {
					const clock = new VirtualClock();
					const service = new PlayedLimits(clock, { counting: 'harsh', intoTheWindowMs });
					const all = Array.from({ length: 4 }, async (_, process) => {
						await clock.sleep((process * apartMs) / 3);
						const budget = new RateBudget(documentedLimits, clock);
						return await makeCalls(budget, service, clock, { count: 250, atOnce: 20, answerMs });
					});
					const refusals = Promise.all(all);
					await clock.runUntil(refusals);
					expect(Math.max(...(await refusals))).toBeLessThanOrEqual(5);
				}
			}
		},
	);

	it.each([7_000, 20_000, 90_000])(
		'four that begin %i ms one after the other do so too, a little later',
		async (apartMs) => {
			const { clock, service } = begin();
			const all = Array.from({ length: 4 }, async (_, process) => {
				await clock.sleep(process * apartMs);
				const budget = new RateBudget(documentedLimits, clock);
				await makeCalls(budget, service, clock, { count: 250, atOnce: 20 });
			});
			await clock.runUntil(Promise.all(all));
			expect(clock.now()).toBeLessThanOrEqual(1.25 * minutes(9));
			expect(service.refused / (service.calls + service.refused)).toBeLessThan(0.05);
		},
	);

	it.each([
		[3, 100],
		[3, 1000],
		[4, 100],
		[6, 1000],
	])(
		'%i that start scripts lose no minute, and meet the limit about once in each (answers after %i ms)',
		async (processes, answerMs) => {
			const { clock, service } = begin();
			let done = 0;
			for (let process = 0; process < processes; process++) {
				const budget = new RateBudget(documentedLimits, clock);
				const count = 60 / processes;
				const tell = () => done++;
				void makeCalls(budget, service, clock, { count, lane: 'run', answerMs, done: tell });
			}
			await clock.advance(minutes(5.5));
			expect(done).toBe(60);
			expect(service.refused).toBeLessThanOrEqual(7 * processes);
		},
	);

	it.each([
		[6, 6, 3],
		[9, 3, 3],
		[3, 3, 9],
		[1, 1, 13],
	])('three with %i, %i and %i devices share the starts of two minutes', async (...devices) => {
		const { clock, service } = begin();
		let done = 0;
		for (const count of devices) {
			const budget = new RateBudget(documentedLimits, clock);
			void makeCalls(budget, service, clock, {
				...{ count, lane: 'run', answerMs: 400, done: () => done++ },
			});
		}
		await clock.advance(75_000);
		expect(done).toBe(15);
	});

	it('n8n started anew with a limit that is used up loses little to refusals', async () => {
		const { clock, budget, service } = begin();
		await clock.runUntil(makeCalls(budget, service, clock, { count: 100 }));
		const anew = new RateBudget(documentedLimits, clock);
		await clock.runUntil(makeCalls(anew, service, clock, { count: 1000, atOnce: 20 }));
		expect(clock.now()).toBeLessThanOrEqual(1.05 * minutes(10));
		expect(service.refused).toBeLessThan(10);
	});

	it('one takes the whole limit again when the others are gone', async () => {
		const { clock, budget, service } = begin();
		let done = 0;
		const rest = { count: 2000, done: () => done++ };
		void makeCalls(budget, service, clock, rest);
		const other = new RateBudget(documentedLimits, clock);
		void makeCalls(other, service, clock, { count: 150 });
		await clock.advance(minutes(10));
		const before = done;
		await clock.advance(minutes(1));
		expect(done - before).toBeGreaterThanOrEqual(95);
	});
});

describe('a stopped execution', () => {
	it('leaves the line, and no timer behind', async () => {
		const { clock, budget, refuse } = begin();
		await refuse(refused({ retryAfterMs: 60_000 }));
		const place = budget.ask(turn());
		await clock.advance(1000);
		place.leave();
		expect(await place.admission).toEqual({ kind: 'stopped' });
		await clock.advance(0);
		expect(clock.sleeping).toBe(0);
	});

	it('takes no place, also before it has left', async () => {
		const { clock, asked } = begin();
		const signal = AbortSignal.abort();
		const [ended, other] = [asked({ signal }), asked({ owner: 'other' })];
		await clock.advance(1000);
		expect([ended.admission, other.admission?.kind]).toEqual([undefined, 'admitted']);
	});
});
