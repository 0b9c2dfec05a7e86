/** The live response library: scripts to run and files to put on devices. */
import { createHash } from 'node:crypto';

import type { LibraryFile } from '../domain/libraryFile';
import { isRecord } from '../domain/record';
import { apiError } from '../inputs/nodeErrors';
import { isNotFound, type ApiCall, type ApiOutcome, type Refusal } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { bodyOf, refusalError } from '../transport/errors';
import { multipartForm } from '../transport/multipart';
import { getUpTo } from '../transport/pagination';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { mayHaveBeenDone } from '../transport/retry';
import { shownWords } from '../transport/shownWords';

const LIBRARY_PERMISSIONS = ['Library.Manage'];

/**
 * All files; the API can neither filter nor sort them.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/list-library-files
 */
export async function listLibraryFiles(
	connection: Connection,
	limit = Infinity,
): Promise<LibraryFile[]> {
	const call: ApiCall = {
		method: 'GET',
		path: apiPath`/libraryfiles`,
		permissions: LIBRARY_PERMISSIONS,
		subject: 'The live response library',
		repeat: 'harmless',
		lane: 'call',
	};
	return (await getUpTo<unknown>(connection, call, limit)).filter(isLibraryFile);
}

/** What has no name can be neither run nor shown, and spoils no list. */
const isLibraryFile = (entry: unknown): entry is LibraryFile =>
	isRecord(entry) && typeof entry.fileName === 'string';

export interface Upload {
	fileName: string;
	content: Buffer;
	description: string;
	hasParameters: boolean;
	parametersDescription: string;
	overwrite: boolean;
}

export type UploadOutcome =
	| { kind: 'uploaded'; file: LibraryFile }
	/** The library has another file of this name, or the same one from before; without `overwrite` only. */
	| { kind: 'exists'; file: LibraryFile };

/**
 * Adds a file, or replaces it with `overwrite`.
 *
 * @throws NodeApiError also when the library has a file of this name
 */
export async function uploadLibraryFile(
	connection: Connection,
	upload: Upload,
): Promise<LibraryFile> {
	const outcome = await sendLibraryFile(
		connection,
		upload,
		upload.overwrite ? 'harmless' : 'onlyIfRefused',
	);
	if (outcome.kind === 'uploaded') return outcome.file;
	throw existsError(connection, outcome.file);
}

/**
 * One upload. Sending the same file twice is harmless with `overwrite`, and where a file of this name can
 * have one content only; elsewhere a second call after a lost answer would be refused because of the
 * first. So the library is asked what became of it: the same content under the name is the upload itself.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/upload-library
 */
export async function sendLibraryFile(
	connection: Connection,
	upload: Upload,
	repeat: ApiCall['repeat'],
): Promise<UploadOutcome> {
	const call: ApiCall = {
		method: 'POST',
		path: apiPath`/libraryfiles`,
		body: multipartForm(
			{
				...(upload.description === '' ? {} : { Description: upload.description }),
				...(upload.parametersDescription === ''
					? {}
					: { ParametersDescription: upload.parametersDescription }),
				HasParameters: String(upload.hasParameters),
				OverrideIfExists: String(upload.overwrite),
			},
			{ field: 'file', fileName: upload.fileName, content: upload.content },
		),
		permissions: LIBRARY_PERMISSIONS,
		subject: 'The live response library',
		repeat,
		lane: 'upload',
	};
	const outcome = await callApi<LibraryFile>(connection, call);
	if (outcome.kind === 'ok' || upload.overwrite) {
		return { kind: 'uploaded', file: bodyOf(connection, call, outcome) };
	}

	const { refusal } = outcome;
	if (mayHaveBeenDone(refusal)) {
		const there = await findLibraryFile(connection, upload.fileName);
		const sha256 = createHash('sha256').update(upload.content).digest('hex');
		if (there?.sha256?.toLowerCase() === sha256) return { kind: 'uploaded', file: there };
	} else if (refusal.kind === 'status' && refusal.status === 400) {
		const there = await findLibraryFile(connection, upload.fileName);
		if (there) return { kind: 'exists', file: there };
	}
	throw refusalError(connection.functions.getNode(), call, refusal);
}

const findLibraryFile = async (connection: Connection, fileName: string) =>
	libraryFileNamed(await listLibraryFiles(connection), fileName);

/** Whether names that differ in case only are two files is not documented: they are taken as one. */
export function libraryFileNamed(files: LibraryFile[], fileName: string): LibraryFile | undefined {
	const wanted = fileName.toLowerCase();
	return files.find((file) => file.fileName.toLowerCase() === wanted);
}

function existsError(connection: Connection, file: LibraryFile) {
	return apiError(connection.functions.getNode(), '400', 'invalidInput', {
		message: 'The library already has a file with this name',
		description: `'${file.fileName}' was last changed ${shownWords(String(file.lastUpdatedTime))}. Turn on the option 'Overwrite' to replace it, or set another 'File Name'.`,
	});
}

const BEFORE_SECOND_DELETE_MS = 1000;

/**
 * Removes a file. When the answer is lost, a second call that finds no such file means that the
 * first one did its work; only a first call that finds none tells of a name that does not exist.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/delete-library
 */
export async function deleteLibraryFile(connection: Connection, fileName: string): Promise<void> {
	const call: ApiCall = {
		method: 'DELETE',
		path: apiPath`/libraryfiles/${fileName}`,
		permissions: LIBRARY_PERMISSIONS,
		subject: 'The library file',
		repeat: 'onlyIfRefused',
		lane: 'call',
	};
	const first = await callApi(connection, call);
	if (first.kind === 'ok') return;
	if (!mayHaveBeenDone(first.refusal)) throw deleteError(connection, call, first.refusal);

	await connection.clock.sleep(BEFORE_SECOND_DELETE_MS, connection.signal);
	const again: ApiOutcome<unknown> = await callApi(connection, { ...call, repeat: 'harmless' });
	if (again.kind === 'ok' || isNotFound(again.refusal)) return;
	throw deleteError(connection, call, again.refusal);
}

function deleteError(connection: Connection, call: ApiCall, refusal: Refusal) {
	const node = connection.functions.getNode();
	return isNotFound(refusal) ? noSuchFileError(connection) : refusalError(node, call, refusal);
}

export const noSuchFileError = ({ functions }: Connection) =>
	apiError(functions.getNode(), '404', 'scriptNotFound', {
		message: 'The library has no file with this name',
		description:
			"The whole name is compared, with its extension. 'Get Many' of the resource 'Library File' lists the files.",
	});
