import type { Clock } from '../limits/clock';

/** Ends a transfer from which nothing has come for too long. Time in which nobody asks is free. */
export class IdleWatch {
	private readonly over = new AbortController();
	private waitingSince: number | null = null;

	constructor(
		private readonly clock: Clock,
		private readonly longestMs: number,
		private readonly end: () => void,
	) {
		void this.watch();
	}

	/** Counts the time until the next bytes are there. */
	async waitFor<T>(next: Promise<T>): Promise<T> {
		this.waitingSince = this.clock.now();
		try {
			return await next;
		} finally {
			this.waitingSince = null;
		}
	}

	stop(): void {
		this.over.abort();
	}

	private async watch(): Promise<void> {
		let restMs = this.longestMs;
		while (await this.clock.sleep(restMs, this.over.signal)) {
			const idleMs = this.waitingSince === null ? 0 : this.clock.now() - this.waitingSince;
			if (idleMs >= this.longestMs) {
				this.end();
				return;
			}
			restMs = this.longestMs - idleMs;
		}
	}
}
