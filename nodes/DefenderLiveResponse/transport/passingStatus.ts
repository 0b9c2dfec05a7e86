/**
 * Whether a status of HTTP says that the same request may be answered well a moment later, with
 * nothing changed. What it means for a call that may have started something is not said by it.
 */
export const isPassingStatus = (status: number): boolean =>
	status === 408 || status === 429 || status >= 500;
