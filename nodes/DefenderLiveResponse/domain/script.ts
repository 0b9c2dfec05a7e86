/** A script that is to run. */
export type Script = LibraryScript | TextScript;

/** One that somebody has put into the live response library. */
export interface LibraryScript {
	source: 'library';
	fileName: string;
	/** That its file must have, in lower case; null for any. */
	sha256: string | null;
}

/** One that the workflow carries. */
export interface TextScript {
	source: 'text';
	/** In the library: made of the hash of the content. */
	fileName: string;
	content: Buffer;
	/** Of the content, in lower case. */
	sha256: string;
}
