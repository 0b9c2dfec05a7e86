import type { Clock } from '../../nodes/DefenderLiveResponse/limits/clock';

/** Enough turns for everything that a waking sets off to be waiting again. */
const SETTLING_TURNS = 24;

/** Nothing has so much to do; work that sleeps for no time would go on for ever. */
const MOST_WAKES = 10_000_000;

interface Sleeper {
	readonly at: number;
	wake(passed: boolean): void;
}

/** A clock that stands still until it is told to go on; nothing waits for real time. */
export class VirtualClock implements Clock {
	private time = 0;
	private readonly sleepers = new Set<Sleeper>();

	now = () => this.time;
	wallTime = () => this.time;

	async sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
		if (signal?.aborted) return false;
		return await new Promise<boolean>((resolve) => {
			const stop = () => sleeper.wake(false);
			const sleeper: Sleeper = {
				at: this.time + ms,
				wake: (passed) => {
					this.sleepers.delete(sleeper);
					signal?.removeEventListener('abort', stop);
					resolve(passed);
				},
			};
			signal?.addEventListener('abort', stop, { once: true });
			this.sleepers.add(sleeper);
		});
	}

	/** How many waits are under way. */
	get sleeping(): number {
		return this.sleepers.size;
	}

	/** Lets time pass, waking sleepers in their order and letting each do what it does then. */
	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		await this.go((next) => next === undefined || next.at > end);
		this.time = end;
		await settled();
	}

	/** Lets time pass until the work is done. @throws Error when it waits for what never happens */
	async runUntil(work: Promise<unknown>): Promise<void> {
		let isDone = false;
		const done = () => {
			isDone = true;
		};
		work.then(done, done);
		await this.go((next) => {
			if (!isDone && next === undefined) throw new Error('The work waits for nothing');
			return isDone;
		});
		await work;
	}

	private async go(isOver: (next: Sleeper | undefined) => boolean): Promise<void> {
		for (let wakes = 0; wakes <= MOST_WAKES; wakes += 1) {
			await settled();
			const next = this.first();
			if (isOver(next) || next === undefined) return;
			this.time = Math.max(this.time, next.at);
			next.wake(true);
		}
		throw new Error(`Work goes on without end at ${this.time} ms`);
	}

	private first(): Sleeper | undefined {
		let first: Sleeper | undefined;
		for (const sleeper of this.sleepers) {
			if (first === undefined || sleeper.at < first.at) first = sleeper;
		}
		return first;
	}
}

async function settled(): Promise<void> {
	for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await Promise.resolve();
}
