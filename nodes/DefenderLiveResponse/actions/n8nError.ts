import type { IDataObject } from 'n8n-workflow';

/** What the classes of n8n's errors have in common. */
export interface N8nError extends Error {
	description?: string | null;
	context?: IDataObject;
	/** Of an error that came from outside of n8n. */
	httpCode?: string | null;
}

/**
 * Told by its fields: n8n may have another copy of the library that holds the classes than the
 * package, and then no error of one copy is an instance of the other's class.
 */
export function isN8nError(error: unknown): error is N8nError {
	return error instanceof Error && 'level' in error && 'tags' in error;
}
