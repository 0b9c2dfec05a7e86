import { createHash } from 'node:crypto';

/** Size and SHA-256 of exactly what is delivered. */
export class Measured {
	bytes = 0;
	failure: unknown;
	private readonly hash = createHash('sha256');

	/** `check` is told how many bytes it will have been, and throws where they are too many. */
	constructor(
		private readonly source: AsyncGenerator<Buffer>,
		private readonly check: (bytes: number) => Promise<void>,
	) {}

	async *chunks(): AsyncGenerator<Buffer> {
		try {
			for (;;) {
				const chunk = await this.next().catch((error: unknown) => {
					this.failure = error;
					throw error;
				});
				if (chunk === null) return;
				this.hash.update(chunk);
				yield chunk;
			}
		} finally {
			await this.source.return(undefined);
		}
	}

	private async next(): Promise<Buffer | null> {
		const next = await this.source.next();
		if (next.done) return null;
		this.bytes += next.value.length;
		await this.check(this.bytes);
		return next.value;
	}

	sha256(): string {
		return this.hash.digest('hex');
	}
}
