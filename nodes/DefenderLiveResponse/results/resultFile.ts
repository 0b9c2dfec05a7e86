/** A result file that is open, with the bounds that hold for it. */
import { MEGABYTE } from '../domain/fileSize';
import type { NodeContext } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { openResultFile, type ResultFile } from './download';
import type { ResultLink } from './resultLink';

/** Where a file comes from, and what it is called when nothing else names it. */
export interface FileSource {
	link: ResultLink;
	/** Asks for a new link to the same file; null when there is none. */
	requestLink(): Promise<ResultLink | null>;
	/** Where it was on the device; null when that is not known. */
	devicePath: string | null;
	fallbackName: string;
}

/** The whole file in memory. */
export async function collectResultFile(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	maxBytes: number,
): Promise<{ bytes: Buffer; file: ResultFile }> {
	const file = await openWithin(context, connection, source, maxBytes, STREAMED_INSTEAD);
	const chunks: Buffer[] = [];
	for await (const chunk of file.chunks) chunks.push(chunk);
	return { bytes: Buffer.concat(chunks), file };
}

/**
 * Opens the file; its chunks end in an error when they become more than `maxBytes`.
 *
 * @param otherwise what else can be done then, as the end of a sentence
 */
export async function openWithin(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	maxBytes: number,
	otherwise = '',
): Promise<ResultFile> {
	const tooLarge = () => tooLargeError(context, maxBytes, otherwise);
	const file = await openResultFile(connection, source.link, source.requestLink);
	if ((file.contentLength ?? 0) <= maxBytes) {
		return { ...file, chunks: limited(file.chunks, maxBytes, tooLarge) };
	}
	file.sample.destroy();
	throw tooLarge();
}

async function* limited(chunks: AsyncIterable<Buffer>, maxBytes: number, tooLarge: () => Error) {
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw tooLarge();
		yield chunk;
	}
}

const STREAMED_INSTEAD =
	", or use the operation 'Download', which does not hold the file in memory";

function tooLargeError(context: NodeContext, maxBytes: number, otherwise: string) {
	return nodeError(context.functions.getNode(), 'fileTooLarge', {
		message: `The result file is larger than 'Max File Size' (${Math.floor(maxBytes / MEGABYTE)} MB)`,
		itemIndex: context.itemIndex,
		description: `Raise 'Max File Size' in the options${otherwise}.`,
	});
}
