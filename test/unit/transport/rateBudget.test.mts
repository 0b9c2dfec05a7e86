import {
	RateBudget,
	type Admission,
	type Lane,
	type RateLimit,
} from '../../../nodes/DefenderLiveResponse/transport/rateBudget';
import { VirtualClock } from '../../support/virtualClock.mts';

const LIMITS: RateLimit[] = [
	{ name: 'minute', calls: 100, windowMs: 60_000 },
	{ name: 'hour', calls: 1500, windowMs: 3_600_000 },
	{ name: 'runs', calls: 10, windowMs: 60_000 },
];

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

/** Makes `count` calls, each answered after 100 ms, repeating what was refused. */
async function makeCalls(
	budget: RateBudget,
	clock: VirtualClock,
	count: number,
	done: (at: number) => void,
	service = new Service(clock, Number.POSITIVE_INFINITY),
	owner = 'execution',
) {
	const one = async () => {
		for (;;) {
			const admission = await admit(budget, { owner });
			if (admission.kind !== 'admitted') throw new Error(admission.kind);
			const refused = service.call();
			await clock.sleep(100);
			admission.answered(refused);
			if (!refused) return done(clock.now());
		}
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

	it('serves a single urgent call in the middle of a big batch', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		void makeCalls(budget, clock, 1000, () => {});
		await clock.advance(90_000);
		let urgentAt = 0;
		void makeCalls(budget, clock, 1, (at) => (urgentAt = at), undefined, 'urgent');
		await clock.advance(60_000);
		expect(urgentAt - 90_000).toBeLessThanOrEqual(60_000);
		expect(urgentAt).toBeGreaterThan(0);
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

	it('gives up when the service asks for longer than the user allows', async () => {
		const clock = new VirtualClock();
		const budget = new RateBudget(LIMITS, clock);
		const first = await admit(budget);
		if (first.kind === 'admitted') first.answered({ retryAfterMs: 900_000 });
		await expect(admit(budget, { maxHoldMs: 300_000 })).resolves.toEqual({
			kind: 'held',
			limit: 'refused',
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
		expect(refused).toMatchObject({ kind: 'held', limit: 'hour' });
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

	it.each(['seconds until a place is free', 'absent'])(
		'four processes that share an app finish together with few refusals (Retry-After: %s)',
		async (retryAfter) => {
			const clock = new VirtualClock();
			const service = new Service(clock, 100, retryAfter !== 'absent');
			const done: number[] = [];
			for (let process = 0; process < 4; process++) {
				void makeCalls(new RateBudget(LIMITS, clock), clock, 250, (at) => done.push(at), service);
			}
			await clock.advance(9 * 60_000 * 1.25);
			expect(done).toHaveLength(1000);
			expect(service.refused).toBeLessThan(50);
		},
	);

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
