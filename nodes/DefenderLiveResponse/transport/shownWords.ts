/** Whatever answers in the API's place may repeat the request: tokens and signatures go no further. */
const BEARER = /(bearer\s+)[^\s&"',;]+/gi;
/** Gone with their names, so that a search for one in what n8n keeps finds none. */
const SECRET_FIELDS = /\b(?:sig|code|client_secret|client_assertion|access_token)=[^\s&"',;]+/gi;
const TOKEN = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g;

const MOST_WORDS = 500;

/** What the API wrote, fit for a description: one line of printable characters without secrets. */
export function shownWords(text: string): string {
	return text
		.replace(/[\p{C}\s]+/gu, ' ')
		.replace(BEARER, '$1…')
		.replace(SECRET_FIELDS, '…')
		.replace(TOKEN, '…')
		.trim()
		.slice(0, MOST_WORDS);
}
