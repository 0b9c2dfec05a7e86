/** Moves a result file into n8n: into its binary store as a stream, or into memory. */
import { createHash } from 'node:crypto';
import { NodeApiError, NodeOperationError, type IBinaryData, type IDataObject } from 'n8n-workflow';

import {
	dispositionFileName,
	gzipFileName,
	mimeTypeOf,
	safeFileName,
	withoutGzipEnding,
} from '../domain/fileName';
import { MEGABYTE } from '../domain/fileSize';
import { containerFormat } from '../domain/resultText';
import type { Connection } from '../transport/connection';
import { openResultFile, type ResultFile } from './download';
import { gunzip, NotUnpackedError } from './gunzip';
import { nodeStreamFrom } from './nodeStream';
import type { ResultLink } from './resultLink';
import type { NodeContext } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';

/** Where a file comes from, and what it is called when nothing else names it. */
export interface FileSource {
	link: ResultLink;
	/** Asks for a new link to the same file; null when there is none. */
	requestLink(): Promise<ResultLink | null>;
	/** Where it was on the device; null when that is not known. */
	devicePath: string | null;
	fallbackName: string;
}

export interface FileOptions {
	binaryPropertyName: string;
	/** Overrides the name the store gives. */
	fileName: string;
	decompress: boolean;
	maxBytes: number;
}

export type StoredFile =
	| { kind: 'stored'; fields: IDataObject; binary: IBinaryData }
	/** It was to be unpacked and cannot be. */
	| { kind: 'notUnpacked' };

/** Streams the file into n8n's binary store. */
export async function storeResultFile(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	options: FileOptions,
): Promise<StoredFile> {
	const file = await openWithin(context, connection, source, options.maxBytes);
	const { head, chunks } = await peek(limited(context, file.chunks, options.maxBytes));
	const format = containerFormat(head);
	const given = resultFileName(file, source, options.fileName, head);
	const path = source.devicePath;
	const isPackedTwice = path !== null && /\.gz$/i.test(path) && !/\.gz\.gz$/i.test(given);
	const unpack = format === 'gzip' && options.decompress;
	const fileName =
		unpack && options.fileName === '' && !isPackedTwice ? withoutGzipEnding(given) : given;
	const mimeType = format === 'gzip' && !unpack ? 'application/gzip' : mimeTypeOf(fileName);

	const measured = new Measured(unpack ? gunzip(chunks, options.maxBytes) : chunks);
	const stream = nodeStreamFrom(file.sample, measured.chunks());
	const binary = await context.functions.helpers
		.prepareBinaryData(stream, fileName, mimeType)
		.catch(() => null);
	if (binary === null) {
		if (measured.failure instanceof NotUnpackedError) return { kind: 'notUnpacked' };
		throw notStoredError(context, measured.failure);
	}
	const fields = {
		...(path === null ? {} : { filePath: path }),
		fileName,
		fileSize: measured.bytes,
		mimeType,
		sha256: measured.sha256(),
		...(format === 'gzip' ? { compressed: !unpack } : {}),
	};
	return { kind: 'stored', fields, binary };
}

/** What n8n's store throws for a broken stream varies by store; the stream's own error counts. */
function notStoredError(context: NodeContext, failure: unknown) {
	if (failure instanceof NodeApiError || failure instanceof NodeOperationError) return failure;
	return nodeError(context.functions.getNode(), 'fileIncomplete', {
		message: "n8n's binary data store did not take the file",
		itemIndex: context.itemIndex,
		description: 'Check the disk space and the binary data settings of n8n.',
	});
}

/** Size and SHA-256 of exactly what is delivered. */
class Measured {
	bytes = 0;
	failure: unknown;
	private readonly hash = createHash('sha256');

	constructor(private readonly source: AsyncGenerator<Buffer>) {}

	async *chunks(): AsyncGenerator<Buffer> {
		try {
			for (;;) {
				const next = await this.source.next().catch((error: unknown) => {
					this.failure = error;
					return null;
				});
				if (next === null) throw this.failure;
				if (next.done) return;
				this.bytes += next.value.length;
				this.hash.update(next.value);
				yield next.value;
			}
		} finally {
			await this.source.return(undefined);
		}
	}

	sha256(): string {
		return this.hash.digest('hex');
	}
}

/** Room for a gzip header with a name. */
const HEAD_BYTES = 1024;

/** The first bytes, and all chunks including those looked at. */
async function peek(chunks: AsyncGenerator<Buffer>) {
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

async function* limited(context: NodeContext, chunks: AsyncIterable<Buffer>, maxBytes: number) {
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw tooLargeError(context, maxBytes);
		yield chunk;
	}
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
	for await (const chunk of limited(context, file.chunks, maxBytes)) chunks.push(chunk);
	return { bytes: Buffer.concat(chunks), file };
}

async function openWithin(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	maxBytes: number,
): Promise<ResultFile> {
	const file = await openResultFile(connection, source.link, source.requestLink);
	if ((file.contentLength ?? 0) <= maxBytes) return file;
	file.sample.destroy();
	throw tooLargeError(context, maxBytes);
}

function tooLargeError(context: NodeContext, maxBytes: number) {
	return nodeError(context.functions.getNode(), 'fileTooLarge', {
		message: `The result file is larger than 'Max File Size' (${Math.floor(maxBytes / MEGABYTE)} MB)`,
		itemIndex: context.itemIndex,
		description:
			"Raise 'Max File Size' in the options, or use the operation 'Download', which does not hold the file in memory.",
	});
}

/**
 * The user's name, the store's, that in a gzip header, the device's, or the source's own; always
 * safe to store.
 */
export function resultFileName(
	file: ResultFile,
	source: FileSource,
	wanted: string,
	head: Buffer,
): string {
	const packedName = gzipFileName(head);
	return (
		safeFileName(wanted) ??
		safeFileName(dispositionFileName(file.contentDisposition) ?? '') ??
		safeFileName(packedName === null ? '' : `${packedName}.gz`) ??
		safeFileName(source.devicePath ?? '') ??
		source.fallbackName
	);
}
