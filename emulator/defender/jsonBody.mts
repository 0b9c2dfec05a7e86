import type { Answer } from '../http/answer.mts';
import type { Incoming } from '../http/incoming.mts';
import { apiError } from './apiError.mts';

export type JsonBody =
	{ kind: 'object'; value: Record<string, unknown> } | { kind: 'refused'; answer: Answer };

/** Reads a JSON object. Unknown members and members in another case are refused, as the API does. */
export function jsonObject(incoming: Incoming, members: readonly string[]): JsonBody {
	const contentType = incoming.headers['content-type'] ?? '';
	if (!/^application\/json(\s*;|$)/i.test(contentType)) {
		return refused('The Content-Type must be application/json.');
	}
	let value: unknown;
	try {
		value = JSON.parse(incoming.body.toString('utf8'));
	} catch {
		return refused('The request body is not valid JSON.');
	}
	if (!isObject(value)) return refused('The request body must be a JSON object.');
	const unknown = Object.keys(value).find((name) => !members.includes(name));
	if (unknown !== undefined) {
		return refused(`The request body has an unknown member '${unknown}'.`);
	}
	return { kind: 'object', value };
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(message: string): JsonBody {
	return { kind: 'refused', answer: apiError(400, 'InvalidRequestBody', message) };
}
