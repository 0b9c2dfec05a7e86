import type { ApiCall } from '../../../nodes/DefenderLiveResponse/transport/apiCall';
import { apiPath } from '../../../nodes/DefenderLiveResponse/transport/paths';
import { callApi } from '../../../nodes/DefenderLiveResponse/transport/request';
import { connectionTo, type PlayedAnswer } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const start: ApiCall = {
	method: 'POST',
	path: apiPath`/machines/${'1'}/runliveresponse`,
	permissions: [],
	subject: 'Device 1',
	lane: 'run',
	repeat: 'onlyIfRefused',
};

const refusalAfter = async (error: Error) => {
	const clock = new VirtualClock();
	const connection = connectionTo(
		() => {
			throw error;
		},
		{ clock },
	);
	const outcome = await callApi(connection, start);
	return outcome.kind === 'refused' ? outcome.refusal : null;
};

describe('a start that nobody answered', () => {
	it.each([
		'ECONNRESET',
		'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC',
		'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
		'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
		'ERR_HTTP2_STREAM_ERROR',
		'HPE_INVALID_CONSTANT',
		'UND_ERR_SOCKET',
	])('is no rejected sign-in, which would mean that nothing was sent: %s', async (code) => {
		const refusal = await refusalAfter(Object.assign(new Error('It broke'), { code }));
		expect(refusal).toEqual({ kind: 'unreachable', code });
	});

	it.each([undefined, 'ERR_OSSL_UNSUPPORTED', 'invalid_grant'])(
		'is a rejected sign-in when the credential says so: %s',
		async (code) => {
			const refusal = await refusalAfter(Object.assign(new Error('Wrong key'), { code }));
			expect(refusal).toMatchObject({ kind: 'signInRefused', message: 'Wrong key' });
		},
	);
});

it('a start that waits for the first sign-in is not sent once the run has ended', async () => {
	let sent = 0;
	let answerFirst = (_answer: PlayedAnswer) => {};
	const end = new AbortController();
	const clock = new VirtualClock();
	const connection = connectionTo(() => ({ status: 200, body: {} }), { clock });
	connection.signal = end.signal;
	connection.functions.helpers.httpRequestWithAuthentication = async () => {
		sent++;
		const { status, body } = await new Promise<PlayedAnswer>((resolve) => {
			answerFirst = resolve;
		});
		return { statusCode: status, headers: {}, body };
	};
	const both = [callApi(connection, start), callApi(connection, start)];
	await clock.advance(1000);
	expect(sent).toBe(1);
	end.abort();
	answerFirst({ status: 200, body: {} });
	expect((await both[0]).kind).toBe('ok');
	expect(await both[1]).toEqual({ kind: 'refused', refusal: { kind: 'stopped' } });
	expect(sent).toBe(1);
});
