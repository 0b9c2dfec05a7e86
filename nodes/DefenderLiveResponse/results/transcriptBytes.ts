/** A transcript that arrived packed, as fetched files do, is read all the same. */
import { containerFormat } from '../domain/resultText';
import { gunzip, NotUnpackedError } from './gunzip';

/** The bytes unpacked; as they are when they are no gzip, no sound one, or more than `maxBytes`. */
export async function transcriptBytes(bytes: Buffer, maxBytes: number): Promise<Buffer> {
	if (containerFormat(bytes) !== 'gzip') return bytes;
	const unpacked: Buffer[] = [];
	try {
		for await (const chunk of gunzip(once(bytes), maxBytes)) unpacked.push(chunk);
		return Buffer.concat(unpacked);
	} catch (error) {
		if (error instanceof NotUnpackedError) return bytes;
		throw error;
	}
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
	yield bytes;
}
