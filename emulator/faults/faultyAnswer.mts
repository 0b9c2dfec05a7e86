import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { emptyAnswer, jsonAnswer, type Answer } from '../http/answer.mts';
import { apiError } from '../defender/apiError.mts';
import type { ReportedRefusal } from '../entra/reportedRefusals.mts';
import { signInErrorAnswer } from '../entra/signInError.mts';
import { isBodyFault, type FaultKind, type RetryAfterForm } from './fault.mts';

/** What to do with a request instead of, or after, answering it properly. `reset` cuts the connection. */
export type FaultyAnswer = { kind: 'answer'; answer: Answer } | { kind: 'reset' };

export interface FaultSubject {
	/** Answers the request properly. */
	answer: () => Promise<Answer>;
	revokeTokens: () => void;
	removeRole: (role: string) => void;
	/** Starts a live response as somebody else on the device that the request is about. */
	startElsewhere: (what: { comment?: string; scriptName?: string }) => void;
	/** Answer a sign-in otherwise. */
	refuseSignIn: (refusal: ReportedRefusal) => Answer;
	signInWithoutRoles: () => Answer;
	/** Real time, milliseconds since 1970. */
	realNow: number;
}

const page = (status: number, title: string): Answer => ({
	status,
	headers: { 'Content-Type': 'text/html' },
	body: `<html><head><title>${status} ${title}</title></head><body><center><h1>${status} ${title}</h1></center></body></html>`,
});

const reset: FaultyAnswer = { kind: 'reset' };
const answered = (answer: Answer): FaultyAnswer => ({ kind: 'answer', answer });

/** The faults of whole answers. Those of a download's body are left to the download server: undefined. */
export async function faultyAnswer(
	fault: FaultKind,
	subject: FaultSubject,
): Promise<FaultyAnswer | undefined> {
	if (isBodyFault(fault)) return undefined;
	switch (fault.kind) {
		case 'tooManyRequests':
			return answered(tooManyRequests(fault.retryAfter ?? 'seconds', fault.seconds ?? 1));
		case 'serverError':
			return answered(apiError(500, 'InternalServerError', 'Internal server error.'));
		case 'badGateway':
			return answered(page(502, 'Bad Gateway'));
		case 'unavailable':
			return answered(page(503, 'Service Unavailable'));
		case 'gatewayTimeout':
			await subject.answer();
			return answered(page(504, 'Gateway Time-out'));
		case 'resetBefore':
			return reset;
		case 'lostAnswer':
			await subject.answer();
			return reset;
		case 'emptyBody':
			await subject.answer();
			return answered(emptyAnswer(200));
		case 'notJson':
			await subject.answer();
			return answered(page(200, 'OK'));
		case 'otherBody':
			return answered(jsonAnswer(fault.status ?? 200, fault.body));
		case 'slow':
			await delay(fault.seconds * 1000);
			return answered(await subject.answer());
		case 'lateAnswer': {
			const late = await subject.answer();
			await delay(fault.seconds * 1000);
			return answered(late);
		}
		case 'unauthorized':
			return answered(apiError(401, 'Unauthorized', 'The access token is not valid.'));
		case 'revokeTokens':
			subject.revokeTokens();
			return answered(apiError(401, 'Unauthorized', 'The access token has been revoked.'));
		case 'removeRole':
			subject.removeRole(fault.role);
			return answered(await subject.answer());
		case 'forbidden':
			return answered(apiError(403, 'Forbidden', 'The application lacks a required permission.'));
		case 'notYetThere':
			return answered(apiError(404, 'ResourceNotFound', 'The resource was not found.'));
		case 'signInError':
			return answered(
				signInErrorAnswer(
					{
						error: fault.error,
						code: fault.code,
						message: fault.message ?? 'The request was refused.',
						status: fault.status,
					},
					subject.realNow,
				),
			);
		case 'foreignStart':
			subject.startElsewhere(fault);
			return answered(await subject.answer());
		case 'reportedRefusal':
			return answered(subject.refuseSignIn(fault.refusal));
		case 'tokenWithoutRoles':
			return answered(subject.signInWithoutRoles());
		case 'redirect':
			return answered({ status: 302, headers: { Location: fault.location }, body: '' });
	}
}

/**
 * The API's 429. `seconds` is real time from now; whole seconds are rounded up.
 * With `quota` the body is the recorded one that names the limit.
 */
export function tooManyRequests(
	form: RetryAfterForm,
	seconds: number,
	quota?: { allowed: number; per: 'minute' | 'hour' },
): Answer {
	const answer =
		quota === undefined
			? apiError(
					429,
					'TooManyRequests',
					'Too many requests. The limit of calls for this application was reached, try again later.',
				)
			: quotaExceeded(quota.allowed, quota.per === 'minute' ? '00:01:00' : '01:00:00');
	const retryAfter = retryAfterValue(form, seconds);
	if (retryAfter !== undefined) answer.headers['Retry-After'] = retryAfter;
	return answer;
}

function quotaExceeded(allowed: number, per: string): Answer {
	const message = `API calls quota exceeded! maximum allowed ${allowed} per ${per}`;
	return jsonAnswer(429, { error: { code: '429', message, target: randomUUID() } });
}

function retryAfterValue(form: RetryAfterForm, seconds: number): string | undefined {
	switch (form) {
		case 'seconds':
			return String(Math.max(1, Math.ceil(seconds)));
		case 'fraction':
			return (Math.ceil(seconds * 100) / 100).toFixed(2);
		case 'date':
			return new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toUTCString();
		case 'absent':
			return undefined;
	}
}
