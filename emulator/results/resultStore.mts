/** A result file: bytes, text, or a file on disk that is streamed. */
export type ResultContent = Buffer | string | { path: string };

/** A result file in the store. */
export interface StoredResult {
	blobName: string;
	/** What Content-Disposition calls the file. */
	fileName: string;
	/** Settles when the upload is done. */
	ready: Promise<void>;
}

/** Where result files are kept. */
export interface ResultStore {
	/** Starts the upload and returns at once. */
	put: (content: ResultContent, fileName: string) => StoredResult;
	/** A fresh link to the file, good for some real seconds from now. */
	link: (result: StoredResult, lifetimeSeconds: number) => string;
}
