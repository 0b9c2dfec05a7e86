/** Bytes that arrive in chunks, read across their borders. */
export class ByteInput {
	/** What has arrived and may still be needed; read from `at` on. */
	bytes: Uint8Array = new Uint8Array(0);
	at = 0;
	/** All bytes that have arrived so far. */
	arrived = 0;
	/** Nothing comes behind `bytes`. */
	ended = false;

	constructor(private readonly chunks: AsyncGenerator<Buffer>) {}

	get left(): number {
		return this.bytes.length - this.at;
	}

	/** Waits until `count` bytes are left to read, or the last ones. Throws what the chunks throw. */
	async fill(count: number): Promise<void> {
		while (this.left < count && !this.ended) {
			const next = await this.chunks.next();
			if (next.done) {
				this.ended = true;
				return;
			}
			this.arrived += next.value.length;
			this.bytes =
				this.left === 0 ? next.value : Buffer.concat([this.bytes.subarray(this.at), next.value]);
			this.at = 0;
		}
	}
}
