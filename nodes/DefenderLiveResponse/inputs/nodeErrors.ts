/** The one place that makes the node's errors. Each has one code, in `context.details`. */
import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { isRecord } from '../domain/record';
import type { RefusalCode, RefusalFacts } from '../domain/refusalCode';

export interface ErrorText {
	/** What happened. */
	message: string;
	/** What to do about it. */
	description?: string;
}

/** Both where there is room for one text only. What the message says already is not said again. */
export function inOneText({
	message,
	description,
}: Pick<ErrorText, 'message'> & { description?: string | null }): string {
	return description && !message.includes(description) ? `${message}. ${description}` : message;
}

/** The message of the code `canceled`: n8n takes a run for cancelled by its last word. */
export const CANCELED = 'The execution was canceled';

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

/** Whatever fails of `work` says which machine action it is about. */
export async function aboutAction<Result>(
	node: INode,
	machineActionId: string,
	work: Promise<Result>,
): Promise<Result> {
	return await work.catch((error: unknown) => {
		throw withAction(node, machineActionId, error);
	});
}

/** A new error: one that many items have met, such as that of a list, is about each one's own action. */
export function withAction(node: INode, machineActionId: string, error: unknown): unknown {
	const isOwn = error instanceof NodeApiError || error instanceof NodeOperationError;
	const details = isOwn ? detailsOf(error) : null;
	if (!isOwn || details === null || details.machineActionId !== undefined) return error;
	const { code, ...facts } = { ...details, machineActionId };
	const text = { message: error.message, description: error.description ?? undefined };
	return error instanceof NodeApiError
		? apiError(node, error.httpCode, code, text, facts)
		: nodeError(node, code, text, facts);
}

/** The code of an error and what is known beside it; null for an error that the node did not make. */
export function detailsOf(error: {
	context?: IDataObject;
}): (RefusalFacts & { code: RefusalCode }) | null {
	const details: unknown = error.context?.details;
	return isRecord(details) && 'code' in details
		? (details as unknown as RefusalFacts & { code: RefusalCode })
		: null;
}
