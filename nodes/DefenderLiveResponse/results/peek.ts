/** Room for a gzip header with a name. */
const HEAD_BYTES = 1024;

export interface Peeked {
	/** The first bytes. */
	head: Buffer;
	/** All chunks, including those that were looked at. */
	chunks: AsyncGenerator<Buffer>;
}

/** Looks at the first bytes. Throws what the chunks throw. */
export async function peek(chunks: AsyncGenerator<Buffer>): Promise<Peeked> {
	const seen: Buffer[] = [];
	let length = 0;
	while (length < HEAD_BYTES) {
		const next = await chunks.next();
		if (next.done) break;
		seen.push(next.value);
		length += next.value.length;
	}
	async function* all() {
		try {
			yield* seen;
			yield* chunks;
		} finally {
			await chunks.return(undefined);
		}
	}
	return { head: Buffer.concat(seen).subarray(0, HEAD_BYTES), chunks: all() };
}
