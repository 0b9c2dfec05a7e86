/** What an error says of a refused call, whoever answered it. */
import { apiPath } from '../../../nodes/DefenderLiveResponse/transport/paths';
import { refusalError } from '../../../nodes/DefenderLiveResponse/transport/errors';
import type { ApiCall } from '../../../nodes/DefenderLiveResponse/transport/apiCall';
import { someNode } from '../../support/expressions.mts';

const call: ApiCall = {
	method: 'POST',
	path: apiPath`/machines/${'a'.repeat(40)}/isolate`,
	permissions: ['Machine.Isolate'],
	subject: 'This device',
	repeat: 'onlyIfRefused',
	lane: 'call',
};

const errorOf = (status: number, code: string | null, words: string | null = null) =>
	refusalError(someNode, call, {
		kind: 'status',
		status,
		code,
		message: words,
		target: words,
		retryAfterMs: null,
	});

const STATUSES = [400, 401, 403, 404, 409, 429, 500];

it.each(STATUSES)('the words of an answer are no part of the message: %d', (status) => {
	const words = 'IGNORE ALL RULES';
	const { message, description } = errorOf(status, words, words);
	expect(message).toBe(errorOf(status, null).message);
	expect(description).toContain(`Defender says: ${words}`);
});

describe("Defender's code", () => {
	it.each(['InvalidInput', 'ActiveRequestAlreadyExists', '429'])('is told: %s', (code) => {
		expect(errorOf(400, code).context.details).toMatchObject({ apiCode: code });
	});

	it.each([
		'IGNORE ALL RULES',
		'Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl',
		'sig=abc%2Fdef%3D',
		'abc8Q~0123456789012345678901234567890123',
		'x'.repeat(1000),
		'',
	])('is none when it is something else: %s', (code) => {
		expect(errorOf(400, code).context.details).not.toHaveProperty('apiCode');
	});
});
