import type { Lane } from '../../../nodes/DefenderLiveResponse/limits/rateLimits';
import { refusedOf } from '../../../nodes/DefenderLiveResponse/transport/spentLimit';

const NOW = 0;

const refusal = (lane: Lane, message: string, retryAfter?: string) =>
	refusedOf(
		{ lane },
		{
			kind: 'answered',
			status: 429,
			headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
			body: { error: { code: '429', message } },
		},
		NOW,
	);

const quota = (calls: number, per: string) =>
	`API calls quota exceeded! maximum allowed ${calls} per ${per}`;

describe('the words of a 429 tell which limit is used up', () => {
	it.each<[Lane, string, string]>([
		['call', quota(100, '00:01:00'), 'minute'],
		['call', quota(1500, '01:00:00'), 'hour'],
		['run', quota(100, '00:01:00'), 'minute'],
		['run', quota(1500, '01:00:00'), 'hour'],
		['run', quota(10, '00:01:00'), 'runs'],
		['upload', quota(6, '00:01:00'), 'uploads'],
		['call', quota(200, '00:01:00'), 'minute'],
	])('%s: %s', (lane, words, limit) => {
		expect(refusal(lane, words)).toEqual({ limit, isNamed: true, retryAfterMs: null });
	});
});

describe('without such words', () => {
	it.each<[Lane, string | undefined, string]>([
		['call', '5', 'minute'],
		['call', undefined, 'minute'],
		['run', '5', 'runs'],
		['run', undefined, 'sessions'],
		['run', '0', 'sessions'],
		['upload', undefined, 'uploads'],
	])('a %s with a Retry-After of %p has met the limit of the %s', (lane, retryAfter, limit) => {
		expect(refusal(lane, 'Too many requests.', retryAfter)).toMatchObject({
			limit,
			isNamed: false,
		});
	});
});
