/**
 * Files of the live response library.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/list-library-files
 */
import { MEGABYTE } from './fileSize';

export interface LibraryFile {
	fileName: string;
	sha256: string;
	description: string | null;
	creationTime: string;
	lastUpdatedTime: string;
	createdBy: string | null;
	hasParameters: boolean;
	parametersDescription?: string | null;
	[field: string]: unknown;
}

/** https://learn.microsoft.com/en-us/defender-endpoint/api/upload-library */
export const LARGEST_LIBRARY_FILE_BYTES = 20 * MEGABYTE;

/**
 * Whether live response finds a file of this name. A space, for one, is accepted by some paths into
 * the library and then breaks RunScript.
 */
export function isLibraryFileName(name: string): boolean {
	return /^[A-Za-z0-9._-]+$/.test(name) && !/^\.+$/.test(name);
}
