import type { Batching } from '../inputs/runParameters';
import type { Clock } from '../limits/clock';
import { unlessStopped } from '../transport/onStop';

/** Lets a batch of items begin, and the next one only when the interval has passed. */
export class BatchGate {
	private begun = 0;
	private batchBeganAt = 0;
	private open: Promise<boolean> = Promise.resolve(true);

	constructor(
		private readonly batching: Batching | null,
		private readonly clock: Clock,
		private readonly signal?: AbortSignal,
	) {}

	/** True when the next item may begin, false when the execution was stopped meanwhile. */
	async pass(): Promise<boolean> {
		if (this.batching === null) return true;
		const { batchSize, batchIntervalMs } = this.batching;
		if (this.begun === 0) this.batchBeganAt = this.clock.now();
		else if (this.begun % batchSize === 0) {
			this.open = this.open.then(async () => await this.wait(batchIntervalMs));
		}
		this.begun++;
		return (await unlessStopped(this.open, this.signal)) ?? false;
	}

	private async wait(intervalMs: number): Promise<boolean> {
		const restMs = this.batchBeganAt + intervalMs - this.clock.now();
		// Those that wait are told a few at a time, not all of them by this one promise.
		if (restMs > 0 && !(await this.clock.sleep(restMs, this.signal)))
			return await new Promise(() => {});
		this.batchBeganAt = this.clock.now();
		return true;
	}
}
