/** What holds for the rate budget whatever comes. */
import fc from 'fast-check';

import { RateBudget, type Admission } from '../../../nodes/DefenderLiveResponse/limits/rateBudget';
import { LANES, rateLimits } from '../../../nodes/DefenderLiveResponse/limits/rateLimits';
import { fixedSeed } from '../../support/fixedSeed.mts';
import { turn } from '../../support/playedLimits.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const limits = { callsPerMinute: 15, callsPerHour: 60 };

const call = fc.record({
	lane: fc.constantFrom(...LANES),
	owner: fc.constantFrom('a', 'b', 'c'),
	/** After the call before it. */
	afterMs: fc.oneof(
		{ weight: 9, arbitrary: fc.constant(0) },
		{ weight: 9, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: 7_200_000 }) },
	),
	/** On the way there and back. */
	waysMs: fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 })),
	/** How its tries are refused, before it is taken. */
	refusals: fc.array(
		fc.record({
			retryAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 })),
			limit: fc.constantFrom('minute', 'hour', 'runs', 'sessions'),
			isNamed: fc.boolean(),
		}),
		{ maxLength: 3 },
	),
	isUnsent: fc.boolean(),
	leavesAfterMs: fc.option(fc.integer({ min: 0, max: 200_000 }), { freq: 4 }),
	maxHoldMs: fc.constantFrom(Infinity, Infinity, 0, 60_000),
});
type Call = typeof call extends fc.Arbitrary<infer Value> ? Value : never;

async function play(calls: readonly Call[]) {
	const clock = new VirtualClock();
	const budget = new RateBudget(limits, clock);
	const taken: Array<{ at: number; lane: string }> = [];
	const ends: string[] = [];
	const make = async ({ lane, owner, waysMs, refusals, isUnsent, ...more }: Call) => {
		const since = clock.now();
		for (let tries = 0; tries <= refusals.length; tries++) {
			const { maxHoldMs } = more;
			const asked = turn({ owner, lane, limits, since, isAgain: tries > 0, maxHoldMs });
			const place = budget.ask(asked);
			const stop = new AbortController();
			if (more.leavesAfterMs !== null) {
				void clock.sleep(more.leavesAfterMs, stop.signal).then((passed) => passed && place.leave());
			}
			const admission: Admission = await place.admission;
			stop.abort();
			if (admission.kind !== 'admitted') return ends.push(admission.kind);
			await clock.sleep(waysMs[0]);
			const how = refusals.at(tries) ?? (isUnsent ? 'unsent' : 'counted');
			if (how === 'counted') taken.push({ at: clock.now(), lane });
			await clock.sleep(waysMs[1]);
			admission.answered(how);
		}
		return ends.push('answered');
	};
	const all: Array<Promise<unknown>> = [];
	for (const next of calls) {
		await clock.advance(next.afterMs);
		all.push(make(next));
	}
	await clock.runUntil(Promise.all(all));
	return { clock, budget, taken, ends };
}

/** The most that any window of the length holds, wherever it begins. */
function mostIn(times: readonly number[], windowMs: number): number {
	const sorted = [...times].sort((a, b) => a - b);
	let [first, most] = [0, 0];
	for (const [last, at] of sorted.entries()) {
		while (sorted[first] <= at - windowMs) first++;
		most = Math.max(most, last - first + 1);
	}
	return most;
}

it('no window of a limit ever holds more calls than it allows, every call comes to an end, and nothing is left behind', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 120 }), async (calls) => {
			const { clock, budget, taken, ends } = await play(calls);
			for (const { calls: allowed, windowMs, lane } of rateLimits(limits)) {
				const times = taken.filter((one) => lane === undefined || one.lane === lane);
				expect(
					mostIn(
						times.map(({ at }) => at),
						windowMs,
					),
				).toBeLessThanOrEqual(allowed);
			}
			expect(ends).toHaveLength(calls.length);
			await clock.advance(0);
			expect([clock.sleeping, budget.inUse.size]).toEqual([0, 0]);
			for (const limit of budget['limits']) {
				expect(limit['answeredAt'].length).toBeLessThanOrEqual(limit.calls);
			}
		}),
		{ seed: fixedSeed, numRuns: 150 },
	);
});
