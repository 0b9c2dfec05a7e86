/**
 * The data is no sound gzip (broken, cut, with other bytes behind it), or becomes larger than
 * allowed or than its packed size explains.
 */
export class NotUnpackedError extends Error {}
