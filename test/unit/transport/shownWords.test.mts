import { shownWords } from '../../../nodes/DefenderLiveResponse/transport/shownWords';
import { leastProcessorMs } from '../../support/processorTime.mts';

const token =
	'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2FwaSJ9.c2lnbmF0dXJlLXBhcnQ';
const signature = 'IRxMKavzQqHplTsAL350holkkm+3NI2mhUUWxaHbOAM=';
const encoded = encodeURIComponent(signature);

describe('words of an answer are shown without', () => {
	it.each([
		[`The token ${token} has expired`, 'The token … has expired'],
		['The token eyJ0eXAiOiJKV1Qi has expired', 'The token … has expired'],
		[`{"access_token":"${token}","error":"x"}`, '{"…","error":"x"}'],
		[`{\\"access_token\\":\\"opaque-token-1\\"}`, '{\\"…"}'],
		[`Bearer: ${token}`, 'Bearer …'],
		[`Authorization=bearer%20${token}`, 'Authorization=bearer …'],
		[
			`/login?to=%2Fb%3Fsp%3Dr%26sig%3D${encodeURIComponent(encoded)}`,
			'/login?to=%2Fb%3Fsp%3Dr%26…',
		],
		[`/login?to=%252Fb%253Fsig%253D${encoded}`, '/login?to=%252Fb%253F…'],
		[`https://a.example/b?sp=r&sig=${encoded}&x=1`, 'https://a.example/b?sp=r&…&x=1'],
		[`href="/b?sp=r&amp;sig&#61;${encoded}"`, 'href="/b?sp=r&amp;…"'],
		[`\\u0026sig\\u003d${encoded}`, '\\u0026…'],
		[`expected ${signature} instead`, 'expected … instead'],
		['refresh_token=0.AXoA-opaque&x=1', '…&x=1'],
		['id_token=opaque', '…'],
		['{"client_secret":"abc~de,f"}', '{"…"}'],
		['secret abc8Q~0123456789012345678901234567890123 is wrong', 'secret … is wrong'],
		['secret abc8Q~01234567890~eyJ01234567890123456789 is wrong', 'secret … is wrong'],
		['?code=0.AXoA&state=1', '?…&state=1'],
	])('%s', (text, shown) => {
		expect(shownWords(text)).toBe(shown);
	});

	it('a secret at the place where a long answer is cut', () => {
		for (let at = 4900; at < 5000; at += 7) {
			const text = ' '.repeat(at) + signature;
			expect(shownWords(`GET ${text}`)).not.toMatch(/IRxMKav/);
		}
	});
});

it.each([
	'Action is already in progress',
	'error code: 403',
	'Invalid ID ddf5a07e-9c1d-4b43-8f6e-8a1d6f1c6c1e in automatedirstrprdeus.blob.core.windows.net',
	'Bearer',
	'assign=me and design=you',
	"parameter: 'client_assertion' or 'client_secret'",
])('words without a secret stay: %s', (text) => {
	expect(shownWords(text)).toBe(text);
});

it.each(['a', 'eyJ', 'sig=', '%25', 'a.', '\\', 'bearer ', '&#61;', '"sig":'])(
	'the time for an answer grows with its length, not faster: %s',
	(part) => {
		const time = (parts: number) => {
			const text = part.repeat(parts);
			return leastProcessorMs(() => shownWords(text), 5);
		};
		time(50_000);
		const small = Math.max(0.5, time(50_000));
		expect(time(1_000_000) / small).toBeLessThan(100);
	},
);
