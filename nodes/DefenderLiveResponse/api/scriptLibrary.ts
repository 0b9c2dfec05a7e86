/** Scripts as the live response library has them, before they run. */
import type { LibraryFile } from '../domain/libraryFile';
import type { LibraryScript, Script, TextScript } from '../domain/script';
import { apiError } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { perConnection } from '../transport/perConnection';
import { shownWords } from '../transport/shownWords';
import {
	libraryFileNamed,
	listLibraryFiles,
	noSuchFileError,
	sendLibraryFile,
	type UploadOutcome,
} from './libraryFiles';

/**
 * Has the library hold what is to run: keeps a text there, and checks the hash of a library script
 * that must have one. A library script without is not looked at, and costs no call.
 *
 * @returns the name to start it by
 * @throws NodeApiError with `scriptChanged` when the library has something else under the name
 */
export async function scriptInLibrary(connection: Connection, script: Script): Promise<string> {
	switch (script.source) {
		case 'text':
			return await keptInLibrary(connection, script);
		case 'library':
			if (script.sha256 !== null) await assertSha256(connection, script, script.sha256);
			return script.fileName;
	}
}

/**
 * Keeps a text in the library under the name of its content: uploaded when it is not there, compared
 * by hash when it is, never overwritten. One list and one upload, however many items bring it.
 *
 * @returns its name there
 */
async function keptInLibrary(connection: Connection, script: TextScript): Promise<string> {
	const { kept } = libraryOf(connection);
	const keepOnce = kept.get(script.fileName) ?? once(async () => await keep(connection, script));
	kept.set(script.fileName, keepOnce);
	await keepOnce();
	return script.fileName;
}

/** What one node run knows of the library. */
const libraryOf = perConnection(() => ({
	files: once(async (connection: Connection) => await listLibraryFiles(connection)),
	kept: new Map<string, () => Promise<void>>(),
}));

/** A failure is not remembered: what comes later tries again. */
function once<Args extends unknown[], T>(
	make: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
	let made: Promise<T> | undefined;
	return async (...args) => {
		made ??= make(...args).catch((error: unknown) => {
			made = undefined;
			throw error;
		});
		return await made;
	};
}

async function keep(connection: Connection, script: TextScript): Promise<void> {
	const listed = libraryFileNamed(await libraryOf(connection).files(connection), script.fileName);
	const outcome: UploadOutcome = listed
		? { kind: 'exists', file: listed }
		: await upload(connection, script);
	if (outcome.kind === 'uploaded') return;
	if (outcome.file.sha256?.toLowerCase() === script.sha256) return;
	throw apiError(connection.functions.getNode(), null, 'scriptChanged', {
		message: 'The library has another file under the name of this script',
		description: `'${script.fileName}' is named after the content of 'Script Text', but holds something else: somebody has replaced it. Nothing was started. Find out who did, delete the file with 'Delete' of the resource 'Library File', and run this again.`,
	});
}

/** Another worker may have been faster: then it is there, and so it is when the answer was lost. */
const upload = async (connection: Connection, { fileName, content }: TextScript) =>
	await sendLibraryFile(
		connection,
		{
			fileName,
			content,
			description: 'Kept by n8n and named after its content',
			hasParameters: false,
			parametersDescription: '',
			overwrite: false,
		},
		'harmless',
	);

async function assertSha256(
	connection: Connection,
	{ fileName }: LibraryScript,
	wanted: string,
): Promise<void> {
	const file: LibraryFile | undefined = libraryFileNamed(
		await libraryOf(connection).files(connection),
		fileName,
	);
	if (file === undefined) throw noSuchFileError(connection);
	if (file.sha256?.toLowerCase() === wanted) return;
	throw apiError(connection.functions.getNode(), null, 'scriptChanged', {
		message: 'The script in the library is not the expected one',
		description: `'${file.fileName}' was last changed ${shownWords(String(file.lastUpdatedTime))}, and its hash differs from 'Script SHA-256'. Nothing was started. Read the script before you enter its new hash.`,
	});
}
