import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import type { ApiPath } from './paths';
import type { Lane } from '../limits/rateLimits';
import type { Hold } from '../limits/sharedLimit';

/** One call of the Defender API, with what is needed to explain a refusal. */
export interface ApiCall {
	method: 'GET' | 'POST' | 'DELETE';
	path: ApiPath;
	query?: Record<string, string>;
	body?: IDataObject | { bytes: Buffer; contentType: string };
	/** Application permissions the call needs, as the portal names them. */
	permissions: readonly string[];
	/** What a signed-in user's role in the Defender portal has to allow; default live response. */
	role?: string;
	/** What the call is about, for messages: "Machine action 1234…". */
	subject: string;
	/** Whether a repetition after a lost answer is harmless. */
	repeat: 'harmless' | 'onlyIfRefused';
	/** Set for what the API can miss for a moment although it exists. */
	notFoundMayPass?: boolean;
	/** What to check after a 404; default: that it is the right one, and that it is not too new. */
	notFoundAdvice?: string;
	/** What a 404 stands for, where the API says with it that there is none. */
	bodyWhenNotFound?: IDataObject;
	lane: Lane;
	/** Set for what takes one of the tenant's sessions: so long it waits for one to become free. */
	maxSessionWaitMs?: number;
}

/** What came back, before anything is decided about it. */
export type ApiAnswer =
	| { kind: 'answered'; status: number; headers: IDataObject; body: unknown }
	| { kind: 'unreachable'; code: string | null }
	| SignInRefused
	| Stopped;

/** The execution was stopped. */
export interface Stopped {
	kind: 'stopped';
	/** While the call was under way: the service may have seen it. */
	wasSent?: true;
}

/** No token was granted. */
export interface SignInRefused {
	kind: 'signInRefused';
	message: string;
	description: string | null;
	/** The sign-in service was busy or could not be reached: a moment later it may be granted. */
	mayPass: boolean;
}

/** A call that will not be tried again here. */
export type Refusal =
	| {
			kind: 'status';
			status: number;
			code: string | null;
			message: string | null;
			target: string | null;
			retryAfterMs: number | null;
	  }
	| { kind: 'unreadable'; status: number }
	| { kind: 'unreachable'; code: string | null }
	| SignInRefused
	| HeldBack
	| Stopped;

/** A limit is used up for longer than the call may wait. */
export interface HeldBack extends Hold {
	kind: 'held';
	/** How many machine actions of this node run have not ended, as far as it knows. */
	unfinished: number;
}

export function isNotFound(refusal: Refusal | null): boolean {
	return refusal?.kind === 'status' && refusal.status === 404;
}

export type ApiOutcome<Body> =
	{ kind: 'ok'; body: Body; headers: IDataObject } | { kind: 'refused'; refusal: Refusal };

export interface ApiErrorBody {
	code: string | null;
	message: string | null;
	/** Correlation id that Microsoft support asks for. */
	target: string | null;
}

/**
 * The API's `{ error: { code, message, target } }`, any of them empty, or what a gateway in front of
 * it writes: `{ statusCode, message }`.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/common-errors
 */
export function apiErrorBody(body: unknown): ApiErrorBody {
	if (!isRecord(body)) return { code: null, message: null, target: null };
	const error = isRecord(body.error) ? body.error : { message: body.message };
	const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
	return { code: text(error.code), message: text(error.message), target: text(error.target) };
}
