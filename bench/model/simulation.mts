/**
 * What the limits of the Defender API make of a job, in simulated time: the rate budget is the one
 * that ships, one for each worker and app registration; the service counts as the emulator does.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as rateBudget from '../../nodes/DefenderLiveResponse/limits/rateBudget.ts';
import type * as rateLimits from '../../nodes/DefenderLiveResponse/limits/rateLimits.ts';
import { root } from '../../playground/folders.mts';
import {
	makeCall,
	PlayedLimits,
	type Counting,
	type Limits,
} from '../../test/support/playedLimits.mts';
import { VirtualClock } from '../../test/support/virtualClock.mts';

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
	const { job, workers, apps, limits, counting } = scenario;
	const service = new PlayedLimits(clock, { counting, limits, intoTheWindowMs: 0 });
	const random = seeded();
	const total = job.kind === 'results' ? job.count : job.devices;
	const shares = Array.from({ length: workers * apps }, (_, index) => ({
		call: caller(
			service,
			`app ${index % apps}`,
			scenario,
			clock,
			random,
			new budget(limits, clock),
		),
		beginsAtMs: random() * WORKERS_APART_MS,
		items: Math.floor(total / (workers * apps)) + (index < total % (workers * apps) ? 1 : 0),
	}));
	const work = Promise.all(
		shares.map(async ({ call, items, beginsAtMs }) => {
			await clock.sleep(beginsAtMs);
			await (job.kind === 'results'
				? readResults(call, items)
				: runScripts(call, items, job, clock));
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

type Caller = (lane: rateLimits.Lane) => Promise<unknown>;

/** One worker with one app registration's credential. */
function caller(
	service: PlayedLimits,
	app: string,
	{ limits, latencyMs }: Scenario,
	clock: VirtualClock,
	random: () => number,
	budget: rateBudget.RateBudget,
): Caller {
	const ofApp = { call: (lane: rateLimits.Lane) => service.call(lane, app) };
	/** A fourth to three fourths of an answer's time. */
	const wayMs = () => latencyMs * (0.25 + random() / 2);
	return async (lane) =>
		await makeCall(budget, ofApp, clock, { owner: 'execution', lane, limits, wayMs });
}

async function readResults(call: Caller, count: number): Promise<void> {
	let next = 0;
	const serve = async () => {
		while (next++ < count) await call('call');
	};
	await Promise.all(Array.from({ length: Math.min(itemsAtOnce, count) }, serve));
}

/** All devices are started as the limits allow; one list call an interval watches all that run. */
async function runScripts(
	call: Caller,
	devices: number,
	job: Extract<Job, { kind: 'runs' }>,
	clock: VirtualClock,
): Promise<void> {
	if (devices === 0) return;
	const endsAt: number[] = [];
	let unfinished = devices;
	const results: Array<Promise<unknown>> = [];
	await call('call'); // Looks for runs of this execution from before a crash.
	const starts = Promise.all(
		Array.from({ length: devices }, async () => {
			await call('run');
			endsAt.push(clock.now() + job.deviceSeconds * 1000);
		}),
	);
	while (unfinished > 0) {
		await clock.sleep(job.pollIntervalSeconds * 1000);
		if (endsAt.length === 0) continue;
		await call('call');
		const ended = endsAt.filter((at) => at <= clock.now());
		endsAt.splice(0, endsAt.length, ...endsAt.filter((at) => at > clock.now()));
		unfinished -= ended.length;
		results.push(...ended.map(async () => await call('call')));
	}
	await Promise.all([starts, ...results]);
}
