/** A query the service does not understand; the API answers 400 with the code, which can be empty. */
export class ODataError extends Error {
	readonly code: 'ODataError' | '';

	constructor(message: string, code: 'ODataError' | '' = 'ODataError') {
		super(message);
		this.code = code;
	}
}

/** What the library that the API is built with answers to OData that a service does not allow: words, and no code. */
export function notAllowed(message: string): ODataError {
	return new ODataError(`The query specified in the URI is not valid. ${message}`, '');
}
