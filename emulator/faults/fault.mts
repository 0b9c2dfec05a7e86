import { isReportedRefusal, type ReportedRefusal } from '../entra/reportedRefusals.mts';

/** How a 429 says when to come back. */
export type RetryAfterForm = 'seconds' | 'fraction' | 'date' | 'absent';

/** What goes wrong. The comments say what the client sees. */
export type FaultKind =
	/** 429; `seconds` is what Retry-After says (default 1). */
	| { kind: 'tooManyRequests'; retryAfter?: RetryAfterForm; seconds?: number }
	/** 500 with the API's own error body. */
	| { kind: 'serverError' }
	/** 502 with a gateway's page. */
	| { kind: 'badGateway' }
	/** 503 with a gateway's page. */
	| { kind: 'unavailable' }
	/** 504 with a gateway's page. The work is done. */
	| { kind: 'gatewayTimeout' }
	/** The connection is reset; nothing was done. */
	| { kind: 'resetBefore' }
	/** The connection is reset after the work was done. */
	| { kind: 'lostAnswer' }
	/** 200 without a body. The work is done. */
	| { kind: 'emptyBody' }
	/** 200 with a page that is not JSON. The work is done. */
	| { kind: 'notJson' }
	/** This JSON (with 200, if nothing else is said) instead of the right one; the work is not done. */
	| { kind: 'otherBody'; body: unknown; status?: number }
	/** The right answer after `seconds` of real time. */
	| { kind: 'slow'; seconds: number }
	/** The work is done at once, the right answer comes after `seconds` of real time. */
	| { kind: 'lateAnswer'; seconds: number }
	/** 401 for a good token. */
	| { kind: 'unauthorized' }
	/** Every token issued so far stops working; the request itself is answered 401. */
	| { kind: 'revokeTokens' }
	/** The app loses a role for good, in issued tokens too. */
	| { kind: 'removeRole'; role: string }
	/** 403 as if the role were missing, this once. */
	| { kind: 'forbidden' }
	/** 404 for what exists already, as right after it was made. Nothing was done. */
	| { kind: 'notYetThere' }
	/** Another answer of Entra, e.g. `{ error: 'invalid_grant', code: 53003 }`. */
	| { kind: 'signInError'; error: string; code: number; status?: number; message?: string }
	/** A moment before the start of a live response, somebody else starts another on the same device. */
	| { kind: 'foreignStart'; comment?: string; scriptName?: string }
	/** A refusal of Entra that users report, by its name; `skip: 1` lets the first sign-in pass. */
	| { kind: 'reportedRefusal'; refusal: ReportedRefusal }
	/** A token of the application without its permissions. */
	| { kind: 'tokenWithoutRoles' }
	/** 302 to `location`. */
	| { kind: 'redirect'; location: string }
	| BodyFault;

/** What goes wrong with a download only, in how its file is sent. */
export type BodyFault =
	/** The body is cut by a reset after `bytes` (default: half). */
	| { kind: 'resetMidBody'; bytes?: number }
	/** The body ends early without a reset although Content-Length promises all of it. */
	| { kind: 'truncated'; bytes?: number }
	/** The body comes at `bytesPerSecond` (real time). */
	| { kind: 'slowBody'; bytesPerSecond: number }
	/** After `bytes` (default: half) nothing more comes, and the connection stays open. */
	| { kind: 'stalledBody'; bytes?: number }
	/** 403 AuthenticationFailed, as an expired link gives. */
	| { kind: 'expiredLink' }
	/** 404 BlobNotFound. */
	| { kind: 'blobNotFound' }
	/** 503 ServerBusy. */
	| { kind: 'serverBusy' }
	/** The whole file although a range was asked for. */
	| { kind: 'ignoreRange' }
	/** The right body, compressed for the transfer (Content-Encoding: gzip). */
	| { kind: 'gzipEncoding' }
	/** 200 with a proxy's sign-in page, without any header of the storage account. */
	| { kind: 'signInPage' }
	/** No Content-Length, and the connection is closed in good order after `bytes` (default: half). */
	| { kind: 'closedWithoutLength'; bytes?: number }
	/** 206 with another range than the one asked for (and where none was), as its Content-Range says. */
	| { kind: 'otherRange' }
	/** 206 whose Content-Range tells more bytes than its Content-Length and its body. */
	| { kind: 'shortRange' }
	/** 200 with the first `bytes` (default: half) as if they were all, whatever range was asked for. */
	| { kind: 'otherLength'; bytes?: number };

export type FaultTarget = 'login' | 'api' | 'download';

/** The only requests a kind is for, when its order names no path. */
export const pathOf = ({ kind, path }: FaultOrder): RegExp | string | undefined =>
	path ?? (kind === 'foreignStart' ? /\/runliveresponse$/ : undefined);

/** An order: the next `count` requests that match get the fault. */
export type FaultOrder = FaultKind & {
	/** Default: the part of the cloud the kind belongs to, else the API. */
	on?: FaultTarget;
	method?: string;
	/** Tested against path and query as sent. */
	path?: RegExp | string;
	/** Default 1; `Infinity` (over HTTP: -1) for every request from now on. */
	count?: number;
	/** Matching requests to let pass first. */
	skip?: number;
};

const bodyFaults = {
	resetMidBody: true,
	truncated: true,
	slowBody: true,
	stalledBody: true,
	expiredLink: true,
	blobNotFound: true,
	serverBusy: true,
	ignoreRange: true,
	gzipEncoding: true,
	signInPage: true,
	closedWithoutLength: true,
	otherRange: true,
	shortRange: true,
	otherLength: true,
} as const satisfies Record<BodyFault['kind'], true>;

/** Whether it is for the download server to bring about. */
export const isBodyFault = (fault: FaultKind): fault is BodyFault =>
	Object.hasOwn(bodyFaults, fault.kind);

/** Where an order's fault happens. Throws for a kind, or a refusal, that does not exist. */
export function targetOf(order: FaultOrder): FaultTarget {
	const home = homeOf(order);
	if (home === undefined) throw new Error(`There is no fault '${String(order.kind)}'.`);
	if (order.kind === 'reportedRefusal' && !isReportedRefusal(order.refusal)) {
		throw new Error(`There is no refusal '${String(order.refusal)}'.`);
	}
	return order.on ?? home;
}

/** The part of the cloud a kind belongs to; those that can happen anywhere belong to the API. */
function homeOf(fault: FaultKind): FaultTarget | undefined {
	if (isBodyFault(fault)) return 'download';
	const { kind } = fault;
	switch (kind) {
		case 'signInError':
		case 'reportedRefusal':
		case 'tokenWithoutRoles':
			return 'login';
		case 'redirect':
			return 'download';
		case 'tooManyRequests':
		case 'serverError':
		case 'badGateway':
		case 'unavailable':
		case 'gatewayTimeout':
		case 'resetBefore':
		case 'lostAnswer':
		case 'emptyBody':
		case 'notJson':
		case 'otherBody':
		case 'slow':
		case 'lateAnswer':
		case 'unauthorized':
		case 'revokeTokens':
		case 'removeRole':
		case 'forbidden':
		case 'notYetThere':
		case 'foreignStart':
			return 'api';
		default:
			// Orders from other processes are not checked by the compiler.
			kind satisfies never;
			return undefined;
	}
}
