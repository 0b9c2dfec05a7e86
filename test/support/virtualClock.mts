import type { Clock } from '../../nodes/DefenderLiveResponse/limits/clock';

/** No test has so much to do; work that sleeps for no time would go on for ever. */
const MOST_WAKES = 1_000_000;

interface Sleeper {
	at: number;
	wake(passed: boolean): void;
}

/** A clock that stands still until it is told to go on; no test waits for real time. */
export class VirtualClock implements Clock {
	private time = 0;
	private sleepers: Sleeper[] = [];

	now = () => this.time;

	async sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
		if (signal?.aborted) return false;
		return await new Promise<boolean>((resolve) => {
			const sleeper: Sleeper = {
				at: this.time + ms,
				wake: (passed) => {
					this.sleepers = this.sleepers.filter((other) => other !== sleeper);
					signal?.removeEventListener('abort', stop);
					resolve(passed);
				},
			};
			const stop = () => sleeper.wake(false);
			signal?.addEventListener('abort', stop, { once: true });
			this.sleepers.push(sleeper);
		});
	}

	/** How many waits are under way. */
	get sleeping(): number {
		return this.sleepers.length;
	}

	/** Lets time pass, waking sleepers in their order and letting each do what it does then. */
	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		for (let wakes = 0; ; wakes++) {
			if (wakes > MOST_WAKES) throw new Error(`Work goes on without end at ${this.time} ms`);
			await settled();
			const next = this.sleepers.reduce<Sleeper | undefined>(
				(first, sleeper) => (first === undefined || sleeper.at < first.at ? sleeper : first),
				undefined,
			);
			if (next === undefined || next.at > end) break;
			this.time = Math.max(this.time, next.at);
			next.wake(true);
		}
		this.time = end;
		await settled();
	}
}

async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
