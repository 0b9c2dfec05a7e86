/** The one place that makes the node's errors. Each has one code, in `context.details`. */
import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import type { RefusalCode, RefusalFacts } from '../domain/refusalCode';

export interface ErrorText {
	/** What happened. */
	message: string;
	/** What to do about it. */
	description?: string;
}

/** An error that the node itself finds. */
export function nodeError(
	node: INode,
	code: RefusalCode,
	{ message, ...more }: ErrorText & { itemIndex?: number },
	facts: RefusalFacts = {},
): NodeOperationError {
	return coded(new NodeOperationError(node, message, more), code, facts);
}

/**
 * An error that comes from outside: the API, the sign-in, the result store. It has exactly this
 * message and description. `httpCode` is null when there was no answer, or no bad one.
 */
export function apiError(
	node: INode,
	httpCode: string | null,
	code: RefusalCode,
	text: ErrorText,
	facts: RefusalFacts = {},
): NodeApiError {
	const { message } = text;
	const plain: JsonObject = httpCode === null ? { message } : { message, httpCode };
	const options = httpCode === null ? text : { ...text, httpCode };
	return coded(new NodeApiError(node, plain, options), code, facts);
}

function coded<Made extends NodeApiError | NodeOperationError>(
	error: Made,
	code: RefusalCode,
	facts: RefusalFacts,
): Made {
	const details: IDataObject = { code, ...facts };
	error.context.details = details;
	return error;
}

/** The code of an error and what is known beside it; null for an error that the node did not make. */
export function detailsOf(error: { context?: IDataObject }): IDataObject | null {
	const details = error.context?.details;
	return details !== null && typeof details === 'object' && 'code' in details
		? (details as IDataObject)
		: null;
}
