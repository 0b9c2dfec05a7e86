import type { Clock } from '../../nodes/DefenderLiveResponse/limits/clock.ts';

interface Sleeper {
	readonly at: number;
	wake(passed: boolean): void;
}

/** Enough turns for everything that an event sets off to be waiting again. */
const settlingTurns = 24;

/** Simulated time in milliseconds: jumps from one event to the next. */
export class EventClock implements Clock {
	#time = 0;
	readonly #sleepers = new Set<Sleeper>();

	now = (): number => this.#time;

	async sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
		if (signal?.aborted) return false;
		return await new Promise<boolean>((resolve) => {
			const stop = () => sleeper.wake(false);
			const sleeper: Sleeper = {
				at: this.#time + ms,
				wake: (passed) => {
					this.#sleepers.delete(sleeper);
					signal?.removeEventListener('abort', stop);
					resolve(passed);
				},
			};
			signal?.addEventListener('abort', stop, { once: true });
			this.#sleepers.add(sleeper);
		});
	}

	/** Runs until `work` is done. @throws Error when it waits for something that never happens */
	async runUntil(work: Promise<unknown>): Promise<void> {
		let isDone = false;
		void work.finally(() => {
			isDone = true;
		});
		for (;;) {
			for (let turn = 0; turn < settlingTurns; turn += 1) await Promise.resolve();
			if (isDone) return;
			let next: Sleeper | undefined;
			for (const sleeper of this.#sleepers) {
				if (next === undefined || sleeper.at < next.at) next = sleeper;
			}
			if (next === undefined) throw new Error('The simulation waits for nothing');
			this.#time = Math.max(this.#time, next.at);
			next.wake(true);
		}
	}
}
