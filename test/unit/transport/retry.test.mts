import { RateBudget } from '../../../nodes/DefenderLiveResponse/limits/rateBudget';
import type { Lane } from '../../../nodes/DefenderLiveResponse/limits/rateLimits';
import { decide, mayHaveBeenDone } from '../../../nodes/DefenderLiveResponse/transport/retry';
import { retryAfterMs } from '../../../nodes/DefenderLiveResponse/transport/retryAfter';
import type { ApiAnswer, Refusal } from '../../../nodes/DefenderLiveResponse/transport/apiCall';
import {
	documentedLimits,
	makeCalls,
	PlayedLimits,
	type Counting,
} from '../../support/playedLimits.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const GET = { method: 'GET', repeat: 'harmless', lane: 'call' } as const;
const START = { method: 'POST', repeat: 'onlyIfRefused', lane: 'call' } as const;
const DEVICE_START = { ...START, notFoundMayPass: true } as const;
const FRESH = { failures: 0, refusals: 0, ownRefusals: 0, fullTenants: 0, misses: 0 };
const LIVE_RESPONSE = { ...START, lane: 'run' } as const;

const answer = (status: number, body: unknown = {}, headers = {}): ApiAnswer => ({
	kind: 'answered',
	status,
	headers,
	body,
});
const unreachable = (code: string): ApiAnswer => ({ kind: 'unreachable', code });
const signInRefused = (mayPass: boolean) =>
	({ kind: 'signInRefused', message: 'm', description: null, mayPass }) as const;
const reset = unreachable('ECONNRESET');

describe('what may be repeated', () => {
	it.each([
		['a read after 500', GET, answer(500), 'repeat'],
		['a read after 502', GET, answer(502, '<html>'), 'repeat'],
		['a read after 503', GET, answer(503), 'repeat'],
		['a read after 520, as a gateway says it', GET, answer(520, '<html>'), 'repeat'],
		['a read after a reset', GET, reset, 'repeat'],
		['a read after an empty answer', GET, answer(200, ''), 'repeat'],
		['a read after 404', GET, answer(404), 'stop'],
		['a read after 403', GET, answer(403), 'stop'],
		['a read after a second 401', GET, answer(401), 'stop'],
		['a start after 429, which started nothing', START, answer(429), 'repeat'],
		['a start after 500, which may have started it', START, answer(500), 'stop'],
		['a start after a reset, which may have started it', START, reset, 'stop'],
		[
			'a start after DNS found nothing, which never arrived',
			START,
			unreachable('ENOTFOUND'),
			'repeat',
		],
		['a start after a refused connection', START, unreachable('ECONNREFUSED'), 'repeat'],
		['a start without a way to the host', START, unreachable('EHOSTUNREACH'), 'repeat'],
		['a start without a way to its network', START, unreachable('ENETUNREACH'), 'repeat'],
		['a start after no answer in time', START, unreachable('ECONNABORTED'), 'stop'],
		['a read after no answer in time', GET, unreachable('ETIMEDOUT'), 'repeat'],
		[
			'a read over a certificate nobody trusts',
			GET,
			unreachable('SELF_SIGNED_CERT_IN_CHAIN'),
			'stop',
		],
		['a read after 408', GET, answer(408), 'repeat'],
		['a start after an empty answer, which started it', START, answer(201, ''), 'stop'],
		['anything after a refused sign-in', GET, signInRefused(false), 'stop'],
		['a read after a sign-in service that was busy', GET, signInRefused(true), 'repeat'],
		['a start after one, which was not sent', START, signInRefused(true), 'repeat'],
	])('%s', (_case, call, given, kind) => {
		expect(decide(call, given, FRESH, NOW).kind).toBe(kind);
	});

	it('waits longer each time and gives up after three repeats', () => {
		const waits = [0, 1, 2, 3].map((failures) =>
			decide(GET, answer(500), { ...FRESH, failures }, NOW),
		);
		expect(waits).toEqual([
			{ kind: 'repeat', afterMs: 1000, because: 'failures' },
			{ kind: 'repeat', afterMs: 2000, because: 'failures' },
			{ kind: 'repeat', afterMs: 4000, because: 'failures' },
			{ kind: 'stop' },
		]);
	});

	it('asks twice more, after short waits, for a device that was not found, and starts nothing twice by it', () => {
		const waits = [0, 1, 2].map((misses) =>
			decide(DEVICE_START, answer(404), { ...FRESH, misses }, NOW),
		);
		expect(waits).toEqual([
			{ kind: 'repeat', afterMs: 1000, because: 'misses' },
			{ kind: 'repeat', afterMs: 2000, because: 'misses' },
			{ kind: 'stop' },
		]);
		expect(decide(DEVICE_START, answer(500), FRESH, NOW)).toEqual({ kind: 'stop' });
	});

	it('a start in a tenant without a free session is tried until it may wait no longer', () => {
		const afterMany = { ...FRESH, fullTenants: 500 };
		expect(decide(LIVE_RESPONSE, answer(429), afterMany, NOW)).toEqual({
			kind: 'repeat',
			afterMs: 0,
			because: 'fullTenants',
		});
	});

	it.each([
		['says when to come back', answer(429, {}, { 'retry-after': '6' })],
		[
			'names the limit',
			answer(429, {
				error: {
					code: '429',
					message: 'API calls quota exceeded! maximum allowed 10 per 00:01:00',
				},
			}),
		],
	])('but one whose refusal %s has met another limit, forty times at most', (_case, given) => {
		const past = (ownRefusals: number) => ({ ...FRESH, ownRefusals });
		expect(decide(LIVE_RESPONSE, given, past(39), NOW)).toMatchObject({ because: 'ownRefusals' });
		expect(decide(LIVE_RESPONSE, given, past(40), NOW)).toEqual({ kind: 'stop' });
	});

	it('a start that meets the limit of all calls is repeated as often as any call', () => {
		const error = { code: '429', message: 'quota exceeded! maximum allowed 100 per 00:01:00' };
		const past = (refusals: number) => ({ ...FRESH, ownRefusals: 30, refusals });
		const given = answer(429, { error });
		expect(decide(LIVE_RESPONSE, given, past(7), NOW)).toMatchObject({ because: 'refusals' });
		expect(decide(LIVE_RESPONSE, given, past(8), NOW)).toEqual({ kind: 'stop' });
	});

	it('a call under the limits of all calls is repeated after eight refusals at most', () => {
		expect(decide(GET, answer(429), { ...FRESH, refusals: 7 }, NOW)).toMatchObject({
			because: 'refusals',
		});
		expect(decide(GET, answer(429), { ...FRESH, refusals: 8 }, NOW)).toEqual({ kind: 'stop' });
	});

	it.each<[Lane, Counting, number, number]>([
		['call', 'plain', 8, 1000],
		['call', 'harsh', 8, 1000],
		['run', 'plain', 24, 240],
		['run', 'harsh', 24, 240],
	])(
		'and that is often enough: no %s is given up (%s) where %i processes share an app',
		async (lane, counting, processes, count) => {
			const clock = new VirtualClock();
			const service = new PlayedLimits(clock, { counting });
			const all = Array.from({ length: processes }, async (_, process) => {
				await clock.sleep((process * 2000) / processes);
				const budget = new RateBudget(documentedLimits, clock);
				const own = { count: count / processes, atOnce: 20, lane };
				return await makeCalls(budget, service, clock, own);
			});
			const most = Promise.all(all);
			await clock.runUntil(most);
			const refused = Math.max(...(await most)) - 1;
			const past = { ...FRESH, refusals: refused, ownRefusals: refused };
			const given = answer(429, {}, { 'retry-after': '6' });
			expect(decide({ ...GET, lane }, given, past, NOW).kind).toBe('repeat');
		},
	);

	it('waits as long as the service asks', () => {
		const verdict = decide(GET, answer(503, '', { 'retry-after': '7' }), FRESH, NOW);
		expect(verdict).toMatchObject({ kind: 'repeat', afterMs: 7000 });
	});

	it.each([
		['30', 30_000],
		['31', 30_000],
		['3600', 30_000],
	])('but no longer than 30 seconds, asked for %s', (seconds, afterMs) => {
		const verdict = decide(GET, answer(503, '', { 'retry-after': seconds }), FRESH, NOW);
		expect(verdict).toMatchObject({ kind: 'repeat', afterMs });
	});

	it('asks a service again only after a while, even when told to come back at once', () => {
		const verdict = decide(GET, answer(503, '', { 'retry-after': '0' }), FRESH, NOW);
		expect(verdict).toMatchObject({ kind: 'repeat', afterMs: 1000 });
	});
});

/** A TLS connection that broke, which says nothing about what went over it before. */
const BROKEN_TLS = [
	'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
	'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC',
	'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
	'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
	'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
	'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
	'ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
	'ERR_SSL_WRONG_VERSION_NUMBER',
	'ERR_TLS_HANDSHAKE_TIMEOUT',
	'EPROTO',
];

/** What Node.js says of a certificate, before anything is sent. */
const UNTRUSTED = [
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REVOKED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'HOSTNAME_MISMATCH',
	'INVALID_CA',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

describe('a start that came to no good answer', () => {
	const status = (code: number): Refusal => ({
		kind: 'status',
		status: code,
		code: null,
		message: null,
		target: null,
		retryAfterMs: null,
	});
	const unanswered = (code: string | null): Refusal => ({ kind: 'unreachable', code });

	it.each<[string, Refusal]>([
		['408', status(408)],
		['500', status(500)],
		['504', status(504)],
		['an answer nobody can read', { kind: 'unreadable', status: 201 }],
		['a connection that broke', unanswered('ECONNRESET')],
		['no answer in time', unanswered('ETIMEDOUT')],
		['trouble without a name', unanswered(null)],
		...BROKEN_TLS.map((code): [string, Refusal] => [code, unanswered(code)]),
	])('may have been done after %s', (_case, refusal) => {
		expect(mayHaveBeenDone(refusal)).toBe(true);
	});

	it.each<[string, Refusal]>([
		['400', status(400)],
		['409', status(409)],
		['429', status(429)],
		['a name that DNS does not know', unanswered('ENOTFOUND')],
		['DNS that does not answer', unanswered('EAI_AGAIN')],
		['a refused connection', unanswered('ECONNREFUSED')],
		['no way to the host', unanswered('EHOSTUNREACH')],
		['no way to its network', unanswered('ENETUNREACH')],
		...UNTRUSTED.map((code): [string, Refusal] => [code, unanswered(code)]),
		['a refused sign-in', signInRefused(false)],
		['a sign-in service that was busy', signInRefused(true)],
		['a spent hour', { kind: 'held', limit: 'hour', calls: 1500, holdMs: 1000, unfinished: 0 }],
		['the end of the execution', { kind: 'stopped' }],
	])('was not done after %s', (_case, refusal) => {
		expect(mayHaveBeenDone(refusal)).toBe(false);
	});
});

describe('Retry-After', () => {
	it.each([
		['30', 30_000],
		['0.53', 530],
		['Sun, 01 Mar 2026 12:01:30 GMT', 90_000],
		['Sun, 01 Mar 2026 11:00:00 GMT', 0],
		[undefined, null],
		['', null],
		['soon', null],
		['-5', null],
	])('%p', (header, expected) => {
		expect(retryAfterMs({ 'retry-after': header }, NOW)).toBe(expected);
	});

	it.each([
		['an hour ahead', 3_600_000],
		['an hour behind', -3_600_000],
	])('a date is right although the clock of this machine is %s', (_skew, ms) => {
		const headers = {
			date: 'Sun, 01 Mar 2026 12:00:00 GMT',
			'retry-after': 'Sun, 01 Mar 2026 12:00:20 GMT',
		};
		expect(retryAfterMs(headers, NOW + ms)).toBe(20_000);
	});
});
