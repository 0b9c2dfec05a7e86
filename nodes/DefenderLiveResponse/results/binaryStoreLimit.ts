import { MEGABYTE } from '../domain/fileSize';
import type { NodeContext } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';

/** What every mode takes. Below it nothing is asked. */
const ALWAYS_TAKEN_MB = 383;
/** In memory, a file becomes one text in Base64, and Node.js has none beyond 512 MB. */
const MOST_IN_MEMORY_MB = ALWAYS_TAKEN_MB;
/**
 * More cannot be set in N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE. What is set, 512 by default, n8n says
 * only when it rejects a file; from then on this process knows.
 */
let mostInDatabaseMb = 1024;
/** How n8n rejects it. */
const REJECTED = /exceeds the max size limit of (\d+(?:\.\d+)?) MB set for `database` mode/;

/**
 * How large a file n8n's binary data mode takes. These modes hold a file in memory as a whole before
 * they refuse it, so that it is said before that much is fetched.
 */
export class BinaryStoreLimit {
	private mode: Promise<string> | undefined;

	constructor(private readonly context: NodeContext) {}

	/** Throws for a number of bytes that n8n cannot store. */
	async check(bytes: number): Promise<void> {
		if (bytes <= ALWAYS_TAKEN_MB * MEGABYTE) return;
		this.mode ??= modeOf(this.context);
		const mode = await this.mode;
		const most = mostMegabytes(mode);
		if (bytes <= most * MEGABYTE) return;
		throw tooLargeError(this.context, mode, most);
	}
}

/** The same error when n8n itself has rejected a file by its size; null for whatever else its store has thrown. */
export function rejectedAsTooLarge(context: NodeContext, thrown: unknown) {
	const most = REJECTED.exec(thrown instanceof Error ? thrown.message : '')?.[1];
	if (most === undefined) return null;
	mostInDatabaseMb = Number(most);
	return tooLargeError(context, 'database', mostInDatabaseMb);
}

function tooLargeError({ functions, itemIndex }: NodeContext, mode: string, most: number) {
	return nodeError(functions.getNode(), 'fileTooLarge', {
		message: "The result file is larger than n8n's binary data mode can store",
		itemIndex,
		description: `n8n runs in the binary data mode '${mode}', which takes ${most} MB at most. Set N8N_DEFAULT_BINARY_DATA_MODE to 'filesystem' or 's3'${WAYS_OUT[mode] ?? ''}.`,
	});
}

const WAYS_OUT: Record<string, string> = {
	database: ', or N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE to up to 1024',
};

/** n8n tells its mode by what it makes of a file only, here of one without bytes. */
async function modeOf({ functions }: NodeContext): Promise<string> {
	const probe = await functions.helpers.prepareBinaryData(Buffer.alloc(0), 'mode', 'text/plain');
	return probe.id === undefined ? 'default' : probe.id.split(':')[0];
}

function mostMegabytes(mode: string): number {
	switch (mode) {
		case 'default':
			return MOST_IN_MEMORY_MB;
		case 'database':
			return mostInDatabaseMb;
		default:
			return Infinity;
	}
}
