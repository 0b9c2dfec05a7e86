/** Streams a result file into n8n's binary store. */
import { NodeApiError, NodeOperationError, type IBinaryData, type IDataObject } from 'n8n-workflow';

import { gzipFileName } from '../domain/fileName';
import { namedByBytes } from '../domain/resultFileName';
import { containerFormat } from '../domain/resultText';
import type { NodeContext } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { BinaryStoreLimit, rejectedAsTooLarge } from './binaryStoreLimit';
import { notTheStoreError } from './downloadErrors';
import { gunzip } from './gunzip';
import { Measured } from './measured';
import { nodeStreamFrom } from './nodeStream';
import { NotUnpackedError } from './notUnpackedError';
import { peek, type Peeked } from './peek';
import { openWithin, type FileSource } from './resultFile';

export interface FileOptions {
	binaryPropertyName: string;
	/** Overrides every other name. */
	fileName: string;
	decompress: boolean;
	maxBytes: number;
}

export type StoredFile =
	| { kind: 'stored'; fields: IDataObject; binary: IBinaryData }
	/** It was to be unpacked and cannot be. */
	| { kind: 'notUnpacked' };

export async function storeResultFile(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	options: FileOptions,
): Promise<StoredFile> {
	const limit = new BinaryStoreLimit(context);
	const file = await openWithin(context, connection, source, options.maxBytes);
	try {
		await limit.check(file.contentLength ?? 0);
		const sent = await peek(file.chunks);
		if (source.link.isPackage && !isZip(sent.head)) throw notTheStoreError(connection, source.link);
		const isPacked = containerFormat(sent.head) === 'gzip';
		const isUnpacked = isPacked && options.decompress;
		const delivered = isUnpacked ? await unpacked(sent, options.maxBytes) : sent;
		if (delivered === null) return { kind: 'notUnpacked' };
		const { fileName, mimeType } = namedByBytes(
			{
				wanted: options.fileName,
				devicePath: source.devicePath,
				contentDisposition: file.contentDisposition,
				packed: gzipFileName(sent.head),
				fallback: source.fallbackName,
			},
			{ isUnpacked, isGzip: containerFormat(delivered.head) === 'gzip' },
		);
		const measured = new Measured(delivered.chunks, async (bytes) => await limit.check(bytes));
		const stream = nodeStreamFrom(file.sample, measured.chunks());
		const binary = await context.functions.helpers
			.prepareBinaryData(stream, fileName, mimeType)
			.catch((thrown: unknown) => ({ thrown }));
		if ('thrown' in binary) {
			if (measured.failure instanceof NotUnpackedError) return { kind: 'notUnpacked' };
			throw notStoredError(context, measured.failure, binary.thrown);
		}
		const fields = {
			...(source.devicePath === null ? {} : { filePath: source.devicePath }),
			fileName,
			fileSize: measured.bytes,
			mimeType,
			sha256: measured.sha256(),
			...(isPacked ? { compressed: !isUnpacked } : {}),
		};
		return { kind: 'stored', fields, binary };
	} finally {
		// A stream of which nothing was read does not end its source.
		file.sample.destroy();
	}
}

/** The host of investigation packages has no headers by which it could be told from a proxy. */
const isZip = (head: Buffer) => head.subarray(0, 2).toString('latin1') === 'PK';

/** Null when the first bytes show that it cannot be unpacked. */
async function unpacked(packed: Peeked, maxBytes: number): Promise<Peeked | null> {
	return await peek(gunzip(packed.chunks, maxBytes)).catch((error: unknown) => {
		if (error instanceof NotUnpackedError) return null;
		throw error;
	});
}

/** What n8n's store throws for a broken stream varies by store; the stream's own error counts. */
function notStoredError(context: NodeContext, failure: unknown, thrown: unknown) {
	if (failure instanceof NodeApiError || failure instanceof NodeOperationError) return failure;
	const tooLarge = rejectedAsTooLarge(context, thrown);
	if (tooLarge !== null) return tooLarge;
	return nodeError(context.functions.getNode(), 'fileIncomplete', {
		message: "n8n's binary data store did not take the file",
		itemIndex: context.itemIndex,
		description: 'Check the disk space and the binary data settings of n8n.',
	});
}
