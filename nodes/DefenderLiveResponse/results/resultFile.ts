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
	const file = await openWithin(context, connection, source, maxBytes);
	const chunks: Buffer[] = [];
	for await (const chunk of file.chunks) chunks.push(chunk);
	return { bytes: Buffer.concat(chunks), file };
}

/** Opens the file; its chunks end in an error when they become more than `maxBytes`. */
export async function openWithin(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	maxBytes: number,
): Promise<ResultFile> {
	const file = await openResultFile(connection, source.link, source.requestLink);
	if ((file.contentLength ?? 0) <= maxBytes) {
		return { ...file, chunks: limited(context, file.chunks, maxBytes) };
	}
	file.sample.destroy();
	throw tooLargeError(context, maxBytes);
}

async function* limited(context: NodeContext, chunks: AsyncIterable<Buffer>, maxBytes: number) {
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw tooLargeError(context, maxBytes);
		yield chunk;
	}
}

function tooLargeError(context: NodeContext, maxBytes: number) {
	return nodeError(context.functions.getNode(), 'fileTooLarge', {
		message: `The result file is larger than 'Max File Size' (${Math.floor(maxBytes / MEGABYTE)} MB)`,
		itemIndex: context.itemIndex,
		description:
			"Raise 'Max File Size' in the options, or use the operation 'Download', which does not hold the file in memory.",
	});
}
