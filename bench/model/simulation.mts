/**
 * What the limits of the Defender API make of a job, in simulated time: the rate budget is the one
 * that ships, one for each worker and app registration; the service counts as the emulator does.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { RateWindows } from '../../emulator/defender/rateWindows.mts';
import { settingsFrom } from '../../emulator/settings.mts';
import type * as rateBudget from '../../nodes/DefenderLiveResponse/limits/rateBudget.ts';
import type * as rateLimits from '../../nodes/DefenderLiveResponse/limits/rateLimits.ts';
import { root } from '../../playground/folders.mts';
import { VirtualClock } from '../../test/support/virtualClock.mts';

type Lane = rateLimits.Lane;

export interface Limits {
	readonly callsPerMinute: number;
	readonly callsPerHour: number;
	readonly runsPerMinute: number;
}

/** As Microsoft documents them, for one app registration. */
export const documentedLimits: Limits = {
	callsPerMinute: 100,
	callsPerHour: 1500,
	runsPerMinute: 10,
};

export type Job =
	/** Results of actions that have ended: one call each. */
	| { readonly kind: 'results'; readonly count: number }
	/** A script on each device: the start, the waiting and the result. */
	| {
			readonly kind: 'runs';
			readonly devices: number;
			/** From the start until the action has ended. */
			readonly deviceSeconds: number;
			readonly pollIntervalSeconds: number;
	  };

export interface Scenario {
	readonly job: Job;
	readonly workers: number;
	/** App registrations, the items dealt out evenly. */
	readonly apps: number;
	readonly limits: Limits;
	readonly latencyMs: number;
	/** Default `plain`. */
	readonly counting?: Counting;
}

/**
 * How the service counts: in windows that move on, with a Retry-After; or, as far as anybody knows, in windows that
 * begin anew for all, refused calls included, with words alone.
 */
export type Counting = 'plain' | 'harsh';

export interface Outcome {
	readonly seconds: number;
	/** Calls the service counted, and those it refused on top. */
	readonly calls: number;
	readonly refused: number;
}

/** As many items of one execution as the node serves at once when they do not wait for devices. */
const itemsAtOnce = 20;

/** Workers do not begin at the same moment. */
const WORKERS_APART_MS = 2000;

/** From the built package, which is there once it has been packed. */
const shipped = (): typeof rateBudget =>
	createRequire(import.meta.url)(
		join(root, 'dist/nodes/DefenderLiveResponse/limits/rateBudget.js'),
	) as typeof rateBudget;

/** @param budget the node's own; by default that of the built package */
export async function simulate(
	scenario: Scenario,
	budget: typeof rateBudget.RateBudget = shipped().RateBudget,
): Promise<Outcome> {
	const clock = new VirtualClock();
	const service = new Service(scenario, clock);
	const { job, workers, apps } = scenario;
	const random = seeded();
	const total = job.kind === 'results' ? job.count : job.devices;
	const shares = Array.from({ length: workers * apps }, (_, index) => ({
		caller: new Caller(service, `app ${index % apps}`, scenario, clock, random, budget),
		beginsAtMs: random() * WORKERS_APART_MS,
		items: Math.floor(total / (workers * apps)) + (index < total % (workers * apps) ? 1 : 0),
	}));
	const work = Promise.all(
		shares.map(async ({ caller, items, beginsAtMs }) => {
			await clock.sleep(beginsAtMs);
			await (job.kind === 'results'
				? readResults(caller, items)
				: runScripts(caller, items, job, clock));
		}),
	);
	await clock.runUntil(work);
	return { seconds: clock.now() / 1000, calls: service.calls, refused: service.refused };
}

/** Numbers from 0 to 1 that are the same in every run (Park and Miller). */
function seeded(): () => number {
	let state = 4711;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** The API, as far as its limits go. */
class Service {
	calls = 0;
	refused = 0;
	readonly #windows: RateWindows;
	readonly #clock: VirtualClock;

	readonly #counting: Counting;
	readonly #runsPerMinute: number;

	constructor({ limits, counting = 'plain' }: Scenario, clock: VirtualClock) {
		const sessions = Number.POSITIVE_INFINITY;
		const settings = settingsFrom({ profile: counting, limits: { ...limits, sessions } });
		this.#windows = new RateWindows(settings);
		this.#counting = counting;
		this.#runsPerMinute = limits.runsPerMinute;
		this.#clock = clock;
	}

	/** A refusal has a Retry-After in whole seconds, or names the limit, as the scenario says. */
	call(app: string, lane: Lane): rateBudget.Answered {
		const spent = this.#windows.admit(app, this.#clock.now(), lane === 'run' ? 'run' : 'call');
		if (spent === undefined) this.calls += 1;
		else this.refused += 1;
		if (spent === undefined) return 'counted';
		if (this.#counting === 'plain') {
			const retryAfterMs = Math.ceil(spent.waitMs / 1000) * 1000;
			return { limit: lane === 'run' ? 'runs' : 'minute', isNamed: false, retryAfterMs };
		}
		const isOfRuns = lane === 'run' && spent.allowed === this.#runsPerMinute;
		const limit = isOfRuns ? 'runs' : spent.per;
		return { limit, isNamed: true, retryAfterMs: null };
	}
}

/** One worker with one app registration's credential. */
class Caller {
	readonly #budget: rateBudget.RateBudget;
	readonly #service: Service;
	readonly #app: string;
	readonly #clock: VirtualClock;
	readonly #latencyMs: number;
	readonly #random: () => number;
	readonly #limits: rateLimits.CallLimits;

	constructor(
		service: Service,
		app: string,
		{ limits, latencyMs }: Scenario,
		clock: VirtualClock,
		random: () => number,
		budget: typeof rateBudget.RateBudget,
	) {
		this.#random = random;
		this.#service = service;
		this.#app = app;
		this.#clock = clock;
		this.#latencyMs = latencyMs;
		this.#limits = { callsPerMinute: limits.callsPerMinute, callsPerHour: limits.callsPerHour };
		this.#budget = new budget(this.#limits, clock);
	}

	/** One way of a call takes a fourth to three fourths of an answer's time. */
	#halfAnswer(): number {
		return this.#latencyMs * (0.25 + this.#random() / 2);
	}

	async call(lane: Lane): Promise<void> {
		const since = this.#clock.now();
		for (let isAgain = false; ; isAgain = true) {
			const { admission } = this.#budget.ask({
				...{ owner: 'execution', lane, limits: this.#limits, since, isAgain },
				...{ maxHoldMs: Number.POSITIVE_INFINITY, maxSessionWaitMs: Number.POSITIVE_INFINITY },
			});
			const admitted = await admission;
			if (admitted.kind !== 'admitted') throw new Error(`A call was ${admitted.kind}`);
			await this.#clock.sleep(this.#halfAnswer());
			const how = this.#service.call(this.#app, lane);
			await this.#clock.sleep(this.#halfAnswer());
			admitted.answered(how);
			if (how === 'counted') return;
		}
	}
}

async function readResults(caller: Caller, count: number): Promise<void> {
	let next = 0;
	const serve = async () => {
		while (next++ < count) await caller.call('call');
	};
	await Promise.all(Array.from({ length: Math.min(itemsAtOnce, count) }, serve));
}

/** All devices are started as the limits allow; one list call an interval watches all that run. */
async function runScripts(
	caller: Caller,
	devices: number,
	job: Extract<Job, { kind: 'runs' }>,
	clock: VirtualClock,
): Promise<void> {
	if (devices === 0) return;
	const endsAt: number[] = [];
	let unfinished = devices;
	const results: Array<Promise<void>> = [];
	await caller.call('call'); // Looks for runs of this execution from before a crash.
	const starts = Promise.all(
		Array.from({ length: devices }, async () => {
			await caller.call('run');
			endsAt.push(clock.now() + job.deviceSeconds * 1000);
		}),
	);
	while (unfinished > 0) {
		await clock.sleep(job.pollIntervalSeconds * 1000);
		if (endsAt.length === 0) continue;
		await caller.call('call');
		const ended = endsAt.filter((at) => at <= clock.now());
		endsAt.splice(0, endsAt.length, ...endsAt.filter((at) => at > clock.now()));
		unfinished -= ended.length;
		results.push(...ended.map(async () => await caller.call('call')));
	}
	await Promise.all([starts, ...results]);
}
