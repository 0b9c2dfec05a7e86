import type { BinaryHelperFunctions } from 'n8n-workflow';

/** `Readable` of `node:stream`, which community nodes may not import. */
export type NodeStream = Awaited<ReturnType<BinaryHelperFunctions['getBinaryStream']>>;

type StreamClass = {
	from(chunks: AsyncIterable<Buffer>, options: { objectMode: boolean }): NodeStream;
};

/**
 * A Node stream over these chunks, since n8n's binary store takes nothing else. Every stream knows
 * how to make another one.
 */
export function nodeStreamFrom(sample: NodeStream, chunks: AsyncIterable<Buffer>): NodeStream {
	const streams = sample.constructor as unknown as StreamClass;
	return streams.from(chunks, { objectMode: false });
}
