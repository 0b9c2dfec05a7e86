import { MEGABYTE } from '../domain/fileSize';

/**
 * Unpacked more than this many times over, a file is taken for a decompression bomb. Gzip reaches
 * 1,030 at most; what is read ahead makes a bomb look smaller than it is.
 */
const HIGHEST_RATIO = 200;
/** Small files compress absurdly well without being an attack. */
const RATIO_CHECKED_FROM = 64 * MEGABYTE;

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
		source.stop();
		void readToEnd(reader);
	}
}

/**
 * What was already on its way is read and dropped. Cancelling instead would be shorter, but Node.js
 * then throws where nobody can catch it (`Controller is already closed`), and n8n goes down.
 */
async function readToEnd(reader: { read(): Promise<{ done: boolean }> }): Promise<void> {
	try {
		while (!(await reader.read()).done);
	} catch {
		// A stream that was stopped half-way ends in an exception.
	}
}

/** Tells a broken download, which is for the caller to see, from broken gzip data. */
class CountedSource {
	bytes = 0;
	failure: unknown;
	private stopped = false;

	constructor(private readonly chunks: AsyncGenerator<Buffer>) {}

	async *read(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
		try {
			while (!this.stopped) {
				const next = await this.chunks.next().catch((error: unknown) => {
					this.failure = error;
					return null;
				});
				if (next === null || next.done || this.stopped) return;
				this.bytes += next.value.length;
				yield new Uint8Array(next.value);
			}
		} finally {
			await this.chunks.return(undefined);
		}
	}

	/** Not awaited: a source that waits for the network hears of it only after its next chunk. */
	stop(): void {
		this.stopped = true;
		void this.chunks.return(undefined).catch(() => {});
	}
}
