/** The bytes of a transcript, which is read also when it arrived packed, as fetched files do. */
import { containerFormat } from '../domain/resultText';
import { parseTranscript, type Transcript } from '../domain/transcript';
import type { TranscriptOptions } from '../domain/transcriptFields';
import { gunzip } from './gunzip';
import { NotUnpackedError } from './notUnpackedError';

export interface ReadTranscript {
	transcript: Transcript;
	/** Unpacked. */
	length: number;
}

/** A packed file that is no transcript is not looked into. */
export async function readTranscript(
	bytes: Buffer,
	options: TranscriptOptions,
	maxBytes: number,
): Promise<ReadTranscript> {
	const unpacked = containerFormat(bytes) === 'gzip' ? await unpack(bytes, maxBytes) : null;
	const found = unpacked === null ? null : parseTranscript(unpacked, options);
	if (unpacked !== null && found !== null && found.fields.parse !== 'raw') {
		return { transcript: found, length: unpacked.length };
	}
	return { transcript: parseTranscript(bytes, options), length: bytes.length };
}

/** Null when it is no sound gzip, or becomes larger than `maxBytes`. */
async function unpack(bytes: Buffer, maxBytes: number): Promise<Buffer | null> {
	return await collect(gunzip(once(bytes), maxBytes)).catch((error: unknown) => {
		if (error instanceof NotUnpackedError) return null;
		throw error;
	});
}

async function collect(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
	const collected: Buffer[] = [];
	for await (const chunk of chunks) collected.push(chunk);
	return Buffer.concat(collected);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
	yield await Promise.resolve(bytes);
}
