/** A query the service does not understand; the API answers 400 ODataError. */
export class ODataError extends Error {}
