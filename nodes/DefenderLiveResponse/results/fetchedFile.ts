/** A result file in n8n's binary store: unpacked where that was asked for and can be done. */
import type { NodeContext } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { inTurn } from './downloadTurns';
import type { FileSource } from './resultFile';
import { storeResultFile, type FileOptions, type StoredFile } from './storedFile';

export type FetchedFile = Extract<StoredFile, { kind: 'stored' }>;

const NOT_UNPACKED_HINT =
	"A file could not be unpacked within 'Max File Size', or is not valid gzip, and is returned as it arrived, with compressed: true";

export async function fetchFile(
	context: NodeContext,
	connection: Connection,
	source: FileSource,
	options: FileOptions,
): Promise<FetchedFile> {
	return await inTurn(context, async () => {
		const asWanted = await storeResultFile(context, connection, source, options);
		if (asWanted.kind === 'stored') return asWanted;
		context.hint(NOT_UNPACKED_HINT);
		const asIs = { ...options, decompress: false };
		const packed = await storeResultFile(context, connection, source, asIs);
		if (packed.kind === 'stored') return packed;
		throw nodeError(context.functions.getNode(), 'fileIncomplete', {
			message: 'The file could not be stored',
		});
	});
}
