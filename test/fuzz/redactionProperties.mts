/** No secret of a request is shown, in whatever form an answer repeats it. */
import fc, { type Arbitrary } from 'fast-check';

import { shownWords } from '../../nodes/DefenderLiveResponse/transport/shownWords';
import { deviceText } from './deviceInputs.mts';
import { holds, property, type Property } from './property.mts';

const characters = (alphabet: string, minLength: number, maxLength = minLength) =>
	fc.array(fc.constantFrom(...alphabet), { minLength, maxLength }).map((all) => all.join(''));
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64URL = `${ALPHANUMERIC}-_`;

const token = fc
	.tuple(
		characters(BASE64URL, 20, 60),
		characters(BASE64URL, 20, 90),
		characters(BASE64URL, 20, 60),
	)
	.map(([header, claims, signature]) => `eyJ${header}.eyJ${claims}.${signature}`);
const signature = characters(`${ALPHANUMERIC}+/`, 43).map((text) => `${text}=`);
const clientSecret = fc
	.tuple(characters(ALPHANUMERIC, 3), characters(`${ALPHANUMERIC}~.-_`, 34))
	.map(([head, tail]) => `${head}8Q~${tail}`);
const opaque = characters(`${ALPHANUMERIC}-_`, 20, 80);

/** A secret in the words around it; the first list names secrets that nothing but their name tells. */
const named = [
	'access_token',
	'refresh_token',
	'id_token',
	'client_secret',
	'client_assertion',
	'sig',
];
const repeated: Arbitrary<{ secret: string; said: string }> = fc.oneof(
	fc
		.record({
			secret: fc.oneof(token, signature, clientSecret, opaque),
			name: fc.constantFrom(...named),
			form: fc.constantFrom('query', 'encodedQuery', 'json', 'jsonText', 'header'),
		})
		.map(({ secret, name, form }) => ({ secret, said: inForm(form, name, secret) })),
	fc
		.record({
			secret: fc.oneof(token, opaque),
			joint: fc.constantFrom(' ', ': ', '%20', '+', ': "'),
		})
		.map(({ secret, joint }) => ({ secret, said: `Authorization: Bearer${joint}${secret}` })),
	fc
		.record({
			secret: fc.oneof(token, clientSecret),
			words: fc.constantFrom('The token ', 'of ', ''),
		})
		.map(({ secret, words }) => ({ secret, said: `${words}${secret} has expired` })),
);

function inForm(form: string, name: string, secret: string): string {
	switch (form) {
		case 'query':
			return `https://a.example/b?sp=r&${name}=${encodeURIComponent(secret)}&x=1`;
		case 'encodedQuery':
			return `/login?to=${encodeURIComponent(`https://a.example/?${name}=${encodeURIComponent(secret)}`)}`;
		case 'json':
			return JSON.stringify({ error: 'x', [name]: secret, more: 1 });
		case 'jsonText':
			return JSON.stringify(JSON.stringify({ [name]: secret }));
		default:
			return `${name}: ${secret}`;
	}
}

const MARKUP: Record<string, (text: string) => string> = {
	plain: (text) => text,
	url: (text) => encodeURIComponent(text),
	json: (text) => JSON.stringify(text).replaceAll('=', '\\u003d').replaceAll('&', '\\u0026'),
	html: (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('=', '&#61;'),
};

const secrets = property({
	name: 'no token, secret or signature is shown, in any encoding',
	share: 60,
	inputs: fc.record({
		before: fc.oneof(fc.constant(''), deviceText),
		repeated,
		markup: fc.constantFrom(...Object.keys(MARKUP)),
		after: fc.oneof(fc.constant(''), deviceText),
	}),
	check({ before, repeated: { secret, said }, markup, after }) {
		const shown = shownWords(`${before} ${MARKUP[markup](said)} ${after}`);
		holds(shown.length <= 500, 'is longer than 500 characters');
		holds(!/[\p{Cc}\n]/u.test(shown), 'holds controls');
		for (const part of secret.match(/[A-Za-z0-9]{8}/g) ?? []) {
			holds(!shown.includes(part), `shows ${part} of ${secret} in ${shown}`);
		}
		return markup;
	},
});

export const redactionProperties: readonly Property[] = [secrets];
