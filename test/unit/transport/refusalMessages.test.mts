import { apiErrorBody } from '../../../nodes/DefenderLiveResponse/transport/apiCall';
import { apiPath } from '../../../nodes/DefenderLiveResponse/transport/paths';
import { refusalMessage } from '../../../nodes/DefenderLiveResponse/transport/refusalMessages';

const call = {
	subject: 'Device 1',
	path: apiPath`/machines/${1}`,
	permissions: ['Machine.Read.All'],
	isDelegated: false,
};

function said(message: string): string {
	const refusal = { code: null, message, target: null, retryAfterMs: null };
	return refusalMessage(call, { kind: 'status', status: 400, ...refusal }).description;
}

it.each([
	['a token', 'Header was: Bearer eyJ0eXAi.eyJhdWQi.c2ln', 'Header was: Bearer …'],
	['a signature', 'GET https://a.example/b?sp=r&sig=a%2Fb%3D&x=1', 'sp=r&…&x=1'],
	['a token on its own', 'Token eyJ0eXAiOi.eyJhdWQiOi.c2ln-_ ended', 'Token … ended'],
	['line breaks', 'one\r\n\ttwo\u0000three', 'says: one two three'],
	['a client secret', 'grant_type=x&client_secret=abc~def', 'grant_type=x&…'],
])('words of an answer are shown without %s', (_what, message, expected) => {
	expect(said(message)).toContain(expected);
});

it('other words of an answer are shown as they are', () => {
	expect(said('Action is already in progress')).toContain(
		'Defender says: Action is already in progress',
	);
});

const refused = (status: number, body: unknown, more = {}) =>
	refusalMessage(
		{ ...call, ...more },
		{ kind: 'status', status, ...apiErrorBody(body), retryAfterMs: null },
	);

const target = '0f3c2a1e-5b6d-4e8f-9a0b-1c2d3e4f5a6b';
const activity = '|a1b2c3d4-0123456789abcdef.';

describe.each([400, 401, 403, 404, 409, 429, 500])('the words of a %d', (status) => {
	it.each<[string, unknown, string | null]>([
		['documented', { error: { code: 'Some', message: 'It is so.', target } }, target],
		['with an empty code', { error: { code: '', message: 'It is so.', target } }, target],
		[
			'with a numeric code',
			{ error: { code: String(status), message: 'It is so.', target } },
			target,
		],
		['with a number as code', { error: { code: status, message: 'It is so.', target } }, target],
		[
			'with an activity id',
			{ error: { code: 'Some', message: 'It is so.', target: activity } },
			activity,
		],
		['of a gateway', { statusCode: status, message: 'It is so.' }, null],
		...['constructor', '__proto__', 'toString', 'hasOwnProperty'].map(
			(code): [string, unknown, string] => [
				`with the code ${code}`,
				{ error: { code, message: 'It is so.', target } },
				target,
			],
		),
	])('reach the user when they come %s', (_form, body, id) => {
		const { message, description } = refused(status, body);
		expect(typeof message).toBe('string');
		expect(description).toMatch(/\. Defender says: It is so\./);
		if (id !== null) expect(description).toContain(`(correlation id ${String(id)})`);
	});
});

it('a code that is known has its own message, with the words and the correlation id behind it', () => {
	const body = { error: { code: 'DisabledFeature', message: 'Off.', target: activity } };
	const { message, description } = refused(403, body);
	expect(message).toBe('Live response is switched off in this tenant');
	expect(description).toContain(`Defender says: Off. (correlation id ${activity})`);
});

it('a correlation id that is none is left out', () => {
	const body = { error: { code: 'Some', message: 'So.', target: 'https://a.example/?sig=1' } };
	expect(refused(400, body).description).toMatch(/says: So\.$/);
});

it('a 404 says "not found" of what the call is about, and of no list', () => {
	expect(refused(404, null).message).toBe('Device 1 was not found');
	expect(refused(404, null, { path: apiPath`/machines` }).message).toBe(
		'There is no Defender API at this address',
	);
});

it('a missing permission says how to get a token that has it', () => {
	expect(refused(403, null).message).toMatch(
		/then open the credential in n8n and choose Retry, so that it gets a new token$/,
	);
});
