/** What came back of a call: the answer, or why there was none, without the request that it answers. */
import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import { apiErrorBody, type ApiAnswer, type ApiCall, type Refusal } from './apiCall';
import type { Connection } from './connection';
import { httpFailures } from './httpFailure';
import { oAuth2SignIn } from './oAuth2SignIn';
import { isReadable } from './retry';
import { retryAfterMs } from './retryAfter';

/** What n8n's helper gave back. */
export function answered(response: unknown): ApiAnswer {
	if (!isRecord(response) || typeof response.statusCode !== 'number') {
		return { kind: 'unreachable', code: null };
	}
	return {
		kind: 'answered',
		status: response.statusCode,
		headers: isRecord(response.headers) ? (response.headers as IDataObject) : {},
		body: response.body,
	};
}

/**
 * n8n's helper throws on 401 (after it renewed the token once), when nothing answered, and when
 * the credential could not get a token. Only status, network code and the credential's own words
 * are kept: the thrown object holds the whole request.
 */
export function failedAnswer({ proof }: Connection, error: unknown): ApiAnswer {
	const failures = httpFailures(error);
	const signIn = oAuth2SignIn(failures, proof);
	if (signIn !== undefined) return { kind: 'signInRefused', ...signIn };
	for (const { response } of failures) {
		if (typeof response?.status === 'number') {
			const headers = isRecord(response.headers) ? (response.headers as IDataObject) : {};
			return { kind: 'answered', status: response.status, headers, body: response.data };
		}
	}
	for (const { code } of failures) {
		if (typeof code === 'string' && NETWORK_CODE.test(code)) return { kind: 'unreachable', code };
	}
	const [outer] = failures;
	const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
	const message = text(outer?.message);
	return message
		? {
				kind: 'signInRefused',
				message,
				description: text(outer.description),
				mayPass: failures.some(({ extra }) => isRecord(extra) && extra.mayPass === true),
			}
		: { kind: 'unreachable', code: null };
}

/** Of Node, axios and undici; not those of OpenSSL about a key that cannot be read. */
const NETWORK_CODE = /^(E[A-Z\d]+|(?!ERR_OSSL_)[A-Z\d]+_[A-Z\d_/]+)$/;

/** What remains of an answer that is no success. */
export function refusalOf(call: ApiCall, answer: ApiAnswer, now: number): Refusal {
	switch (answer.kind) {
		case 'stopped':
		case 'unreachable':
		case 'signInRefused':
			return answer;
		case 'answered':
			if (answer.status >= 200 && answer.status < 300 && !isReadable(call, answer)) {
				return { kind: 'unreadable', status: answer.status };
			}
			return {
				kind: 'status',
				status: answer.status,
				...apiErrorBody(answer.body),
				retryAfterMs: retryAfterMs(answer.headers, now),
			};
	}
}
