import { refusalMessage } from '../../../nodes/DefenderLiveResponse/transport/refusalMessages';

const call = { subject: 'Device 1', permissions: ['Machine.Read.All'], isDelegated: false };

function said(message: string): string {
	const refusal = { code: null, message, target: null, retryAfterMs: null };
	return refusalMessage(call, { kind: 'status', status: 400, ...refusal }).description;
}

it.each([
	['a token', 'Header was: Bearer eyJ0eXAi.eyJhdWQi.c2ln', 'Header was: Bearer …'],
	['a signature', 'GET https://a.example/b?sp=r&sig=a%2Fb%3D&x=1', 'sp=r&sig=…&x=1'],
	['a client secret', 'grant_type=x&client_secret=abc~def', 'client_secret=…'],
])('words of an answer are shown without %s', (_what, message, expected) => {
	expect(said(message)).toContain(expected);
});

it('other words of an answer are shown as they are', () => {
	expect(said('Action is already in progress')).toContain(
		'Defender says: Action is already in progress',
	);
});
