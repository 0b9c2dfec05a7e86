/**
 * Unpacked more than this many times over, a file is taken for a decompression bomb. Gzip reaches
 * 1,030 at most; what is read ahead makes a bomb look smaller than it is.
 */
const HIGHEST_RATIO = 200;
/** Small files compress absurdly well without being an attack. */
const RATIO_CHECKED_FROM = 64 * 1024 * 1024;

/**
 * The data is no sound gzip (broken, cut, with anything behind its first member), or becomes larger
 * than allowed or than its packed size explains.
 */
export class NotUnpackedError extends Error {}

/** Unpacks a gzip stream. Throws NotUnpackedError, or what the source of the bytes threw. */
export async function* gunzip(
	chunks: AsyncGenerator<Buffer>,
	maxBytes: number,
): AsyncGenerator<Buffer> {
	const source = new CountedSource(chunks);
	const reader = ReadableStream.from(source.read())
		.pipeThrough(new DecompressionStream('gzip'))
		.getReader();
	let unpacked = 0;
	try {
		for (;;) {
			const next = await reader.read().catch(() => null);
			if (source.failure !== undefined) throw source.failure;
			if (next === null) throw new NotUnpackedError();
			if (next.done) return;
			const chunk: Uint8Array = next.value;
			unpacked += chunk.byteLength;
			const bomb = unpacked > RATIO_CHECKED_FROM && unpacked > source.bytes * HIGHEST_RATIO;
			if (unpacked > maxBytes || bomb) throw new NotUnpackedError();
			yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		}
	} finally {
		await reader.cancel().catch(() => {});
	}
}

/** Tells a broken download, which is for the caller to see, from broken gzip data. */
class CountedSource {
	bytes = 0;
	failure: unknown;

	constructor(private readonly chunks: AsyncGenerator<Buffer>) {}

	async *read(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
		try {
			for (;;) {
				const next = await this.chunks.next().catch((error: unknown) => {
					this.failure = error;
					return null;
				});
				if (next === null || next.done) return;
				this.bytes += next.value.length;
				yield new Uint8Array(next.value);
			}
		} finally {
			await this.chunks.return(undefined);
		}
	}
}
