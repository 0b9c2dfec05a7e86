/** The transcript behind a link: as fields, as a file where they cannot say all of it, or as both. */
import { NodeOperationError, type IBinaryData } from 'n8n-workflow';

import { mimeTypeOf } from '../domain/fileName';
import { MOST_TRANSCRIPT_BYTES } from '../domain/fileSize';
import { parseTranscript } from '../domain/transcript';
import type { TranscriptFields, TranscriptOptions } from '../domain/transcriptFields';
import type { NodeContext } from '../inputs/nodeContext';
import { detailsOf } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { inTurn } from './downloadTurns';
import { fetchFile } from './fetchedFile';
import { collectResultFile, resultFileName, type FileOptions, type FileSource } from './resultFile';
import { largeTranscript, shownTranscript } from './shownTranscript';
import { transcriptBytes } from './transcriptBytes';

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
		async () => await readTranscript(context, connection, source, { ...options, maxBytes: most }),
	).catch((error: unknown) => {
		if (isTooLarge(error) && options.maxBytes > most) return null;
		throw error;
	});
	if (read) return read;
	const unnamed = { ...options, fileName: '' };
	const { binary } = await fetchFile(context, connection, source, unnamed);
	return { fields: largeTranscript(context), binary };
}

async function readTranscript(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	options: TranscriptOptions & FileOptions,
): Promise<FetchedTranscript> {
	const collected = await collectResultFile(context, connection, source, options.maxBytes);
	const bytes = await transcriptBytes(collected.bytes, options.maxBytes);
	const transcript = parseTranscript(bytes, options);
	const { fields, needsFile } = shownTranscript(context, transcript, bytes.length);
	if (!needsFile) return { fields };
	const fileName = resultFileName(collected.file, source, '', collected.bytes);
	const { helpers } = context.functions;
	const mimeType = mimeTypeOf(fileName);
	return { fields, binary: await helpers.prepareBinaryData(collected.bytes, fileName, mimeType) };
}

const isTooLarge = (error: unknown): boolean =>
	error instanceof NodeOperationError && detailsOf(error)?.code === 'fileTooLarge';
