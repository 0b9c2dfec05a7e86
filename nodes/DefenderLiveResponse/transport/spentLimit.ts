/** What a 429 says about which limit is used up, and for how long. */
import { DOCUMENTED_LIMITS, HOUR_MS, MINUTE_MS, rateLimits, type Lane } from '../limits/rateLimits';
import type { Refused } from '../limits/sharedLimit';
import { apiErrorBody, type ApiAnswer, type ApiCall } from './apiCall';
import { retryAfterMs } from './retryAfter';

type Answered = Extract<ApiAnswer, { kind: 'answered' }>;

/** As in `API calls quota exceeded! maximum allowed 1500 per 01:00:00`, which was recorded from the API. */
const QUOTA = /maximum allowed (\d{1,9}) per (\d\d):(\d\d):(\d\d)/;

/** The user may have set others for n8n. */
const LIMITS = rateLimits(DOCUMENTED_LIMITS);

/** @param now by the system's clock, in milliseconds */
export function refusedOf({ lane }: Pick<ApiCall, 'lane'>, answer: Answered, now: number): Refused {
	const ms = retryAfterMs(answer.headers, now);
	const named = namedLimit(lane, apiErrorBody(answer.body).message ?? '');
	if (named) return { limit: named.name, isNamed: true, retryAfterMs: ms };
	const own = LIMITS.filter((limit) => limit.lane === lane);
	// Without a word and a time, a start was most likely one session too many.
	const sessions = ms ? undefined : own.find(({ name }) => name === 'sessions');
	const [{ name }] = [...(sessions ? [sessions] : own), ...LIMITS];
	return { limit: name, isNamed: false, retryAfterMs: ms };
}

function namedLimit(lane: Lane, words: string) {
	const [, calls, ...times] = (QUOTA.exec(words) ?? []).map(Number);
	const [hours = 0, minutes = 0, seconds = 0] = times;
	const windowMs = hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000;
	const named = LIMITS.filter(
		(limit) => limit.windowMs === windowMs && (limit.lane ?? lane) === lane,
	);
	return (
		named.find((limit) => limit.calls === calls) ??
		named.find((limit) => limit.lane === lane) ??
		named[0]
	);
}

/** Whether a start was rejected because all sessions of the tenant are taken, as far as the API says. */
export const isFullTenant = (call: Pick<ApiCall, 'lane'>, answer: Answered): boolean =>
	answer.status === 429 && refusedOf(call, answer, 0).limit === 'sessions';

/** Whether it was rejected by a limit that only calls of its lane count against. */
export const isOfOwnLimit = (call: Pick<ApiCall, 'lane'>, answer: Answered): boolean => {
	const { limit } = refusedOf(call, answer, 0);
	return LIMITS.some(({ name, lane }) => name === limit && lane === call.lane);
};
