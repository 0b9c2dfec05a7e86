/** May this call be repeated, and when? The one place that decides. */
import { isRecord } from '../domain/record';
import type { ApiAnswer, ApiCall, Refusal } from './apiCall';
import { isPassingStatus } from './passingStatus';
import { retryAfterMs, waitBeforeRepeat } from './retryAfter';
import { isFullTenant, isOfOwnLimit } from './spentLimit';
import { isUntrusted } from './untrustedCertificate';

export type Verdict =
	| { kind: 'done' }
	/** `afterMs` is 0 after a 429: the budget holds the next call back. */
	| { kind: 'repeat'; afterMs: number; because: keyof Repeats }
	| { kind: 'stop' };

/** Earlier repetitions of a call, by what they followed. */
export interface Repeats {
	/** A passing failure of the service or the network. */
	failures: number;
	/** A 429 by a limit of all calls. */
	refusals: number;
	/** A 429 by a limit of calls of its kind alone. */
	ownRefusals: number;
	/** One that means that no session is free: the budget says how long that may go on. */
	fullTenants: number;
	/** A 404 of something that may be there all the same. */
	misses: number;
}

/** After 1, 2 and 4 s: what lasts longer is an outage, and the user is told. */
const MOST_FAILURES = 3;
/** The budget waits before each: where the service names no time, from 2 s to a minute, four minutes in all. */
const MOST_REFUSALS = 8;
/** Few such calls fit into a minute, and chance decides whose: of 24 workers, one start was refused 21 times. */
const MOST_OWN_REFUSALS = 40;
/** How long the 404 of a device that is there lasts is not known: after 1 and 2 s it is believed, for an id may be wrong. */
const MOST_MISSES = 2;
/** Of what `Retry-After` asks for: a service in trouble holds an item back for a minute and a half at most. */
const LONGEST_WAIT_MS = 30_000;

/**
 * A call that may have started something is repeated only when the service refused it, or never
 * saw it. A 404 starts nothing.
 */
export function decide(
	call: Pick<ApiCall, 'repeat' | 'method' | 'notFoundMayPass' | 'lane'>,
	answer: ApiAnswer,
	past: Readonly<Repeats>,
	now: number,
): Verdict {
	switch (answer.kind) {
		case 'stopped':
			return { kind: 'stop' };
		case 'signInRefused':
			// Without a token nothing was sent, or what was sent was refused for it.
			return repeatIf(answer.mayPass, past, null);
		case 'unreachable':
			return repeatUnreachable(call, past, answer.code);
		case 'answered': {
			if (isFullTenant(call, answer)) return { kind: 'repeat', afterMs: 0, because: 'fullTenants' };
			if (answer.status === 429) {
				const because = isOfOwnLimit(call, answer) ? 'ownRefusals' : 'refusals';
				const most = because === 'ownRefusals' ? MOST_OWN_REFUSALS : MOST_REFUSALS;
				return past[because] < most ? { kind: 'repeat', afterMs: 0, because } : { kind: 'stop' };
			}
			if (answer.status === 404 && call.notFoundMayPass && past.misses < MOST_MISSES) {
				const afterMs = waitBeforeRepeat(null, past.misses, LONGEST_WAIT_MS);
				return { kind: 'repeat', afterMs, because: 'misses' };
			}
			if (isPassingStatus(answer.status)) {
				return repeatIf(isHarmless(call), past, retryAfterMs(answer.headers, now));
			}
			if (answer.status < 200 || answer.status >= 300) return { kind: 'stop' };
			if (isReadable(call, answer)) return { kind: 'done' };
			return repeatIf(isHarmless(call), past, null);
		}
	}
}

/** A DELETE is answered with 204 and nothing else; every other success carries a JSON object. */
export function isReadable(
	call: Pick<ApiCall, 'method'>,
	answer: { status: number; body: unknown },
): boolean {
	return call.method === 'DELETE' || answer.status === 204 || isRecord(answer.body);
}

const NEVER_CONNECTED: readonly string[] = [
	'EAI_AGAIN',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENOTFOUND',
];

/**
 * No connection came about, so the service knows nothing of the call. Whatever else went wrong, also
 * with TLS, may have gone wrong after the call was sent.
 */
function wasNeverSent(code: string | null): boolean {
	return code !== null && (NEVER_CONNECTED.includes(code) || isUntrusted(code));
}

/** Whether the service may have done its work although no good answer came. */
export function mayHaveBeenDone(refusal: Refusal): boolean {
	switch (refusal.kind) {
		case 'status':
			// A 429 passes too, but comes before any work.
			return refusal.status >= 500 || refusal.status === 408;
		case 'unreadable':
			return true;
		case 'unreachable':
			return !wasNeverSent(refusal.code);
		case 'stopped':
			return refusal.wasSent === true;
		case 'signInRefused':
		case 'held':
			return false;
	}
}

function repeatUnreachable(
	call: Pick<ApiCall, 'repeat'>,
	past: Readonly<Repeats>,
	code: string | null,
): Verdict {
	if (isUntrusted(code)) return { kind: 'stop' };
	return repeatIf(isHarmless(call) || wasNeverSent(code), past, null);
}

const isHarmless = (call: Pick<ApiCall, 'repeat'>) => call.repeat === 'harmless';

function repeatIf(allowed: boolean, past: Readonly<Repeats>, askedMs: number | null): Verdict {
	if (!allowed || past.failures >= MOST_FAILURES) return { kind: 'stop' };
	const afterMs = waitBeforeRepeat(askedMs, past.failures, LONGEST_WAIT_MS);
	return { kind: 'repeat', afterMs, because: 'failures' };
}
