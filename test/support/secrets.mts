/** What may be in nothing that an execution keeps: looked for after every run on the engine. */

/** Fields of the credentials that are secret, tokens in answers to the sign-in included. */
const SECRET_FIELDS = [
	'clientSecret',
	'privateKey',
	'accessToken',
	'access_token',
	'refresh_token',
];
/** Shorter ones, such as a test's `wrong`, stand in other words as well. */
const SHORTEST = 12;

/** Throws when a secret of the credential, or the signature of a link, is in what would be stored. */
export function assertNothingSecret(
	credential: object,
	stored: unknown,
	mayHoldLink: boolean,
): void {
	const text = JSON.stringify(stored);
	const found = secretsOf(credential).filter(([, secret]) => text.includes(secret));
	if (!mayHoldLink && /[?&]sig=|sig%3D/i.test(text)) found.push(['signature of a link', '']);
	if (/client_assertion=|Bearer ey/.test(text)) found.push(['assertion or token', '']);
	if (found.length === 0) return;
	throw new Error(`The execution would keep: ${found.map(([what]) => what).join(', ')}`);
}

function secretsOf(value: object): Array<[what: string, secret: string]> {
	return Object.entries(value).flatMap(([name, inner]): Array<[string, string]> => {
		if (typeof inner === 'object' && inner !== null) return secretsOf(inner as object);
		if (!SECRET_FIELDS.includes(name) || typeof inner !== 'string') return [];
		// A key has line breaks, which JSON writes in another way.
		const line = inner
			.split('\n')
			.find((part) => part.length >= SHORTEST && !part.startsWith('--'));
		return line === undefined ? [] : [[name, line]];
	});
}
