/** The transcript behind a link: as fields, as a file where they cannot say all of it, or as both. */
import { NodeOperationError, type IBinaryData } from 'n8n-workflow';

import { gzipFileName } from '../domain/fileName';
import { MOST_TRANSCRIPT_BYTES } from '../domain/fileSize';
import { namedByBytes } from '../domain/resultFileName';
import { containerFormat } from '../domain/resultText';
import type { TranscriptFields, TranscriptOptions } from '../domain/transcriptFields';
import type { NodeContext } from '../inputs/nodeContext';
import { detailsOf } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { inTurn } from './downloadTurns';
import { fetchFile } from './fetchedFile';
import { collectResultFile, type FileSource } from './resultFile';
import { largeTranscript, shownTranscript } from './shownTranscript';
import type { FileOptions } from './storedFile';
import { readTranscript } from './readTranscript';

export interface FetchedTranscript {
	fields: TranscriptFields;
	binary?: IBinaryData;
}

export async function fetchTranscript(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	options: TranscriptOptions & FileOptions,
): Promise<FetchedTranscript> {
	const most = Math.min(options.maxBytes, MOST_TRANSCRIPT_BYTES);
	const read = await inTurn(
		context,
		async () => await fetchAsFields(context, connection, source, { ...options, maxBytes: most }),
	).catch((error: unknown) => {
		if (isTooLarge(error) && options.maxBytes > most) return null;
		throw error;
	});
	if (read) return read;
	const unnamed = { ...options, fileName: '' };
	const { binary } = await fetchFile(context, connection, source, unnamed);
	return { fields: largeTranscript(context), binary };
}

async function fetchAsFields(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	options: TranscriptOptions & FileOptions,
): Promise<FetchedTranscript> {
	const { bytes, file } = await collectResultFile(context, connection, source, options.maxBytes);
	const { transcript, length } = await readTranscript(bytes, options, options.maxBytes);
	const { fields, needsFile } = shownTranscript(context, transcript, length);
	if (!needsFile) return { fields };
	const { fileName, mimeType } = namedByBytes(
		{
			wanted: '',
			devicePath: source.devicePath,
			contentDisposition: file.contentDisposition,
			packed: gzipFileName(bytes),
			fallback: source.fallbackName,
		},
		{ isUnpacked: false, isGzip: containerFormat(bytes) === 'gzip' },
	);
	const { helpers } = context.functions;
	return { fields, binary: await helpers.prepareBinaryData(bytes, fileName, mimeType) };
}

const isTooLarge = (error: unknown): boolean =>
	error instanceof NodeOperationError && detailsOf(error)?.code === 'fileTooLarge';
