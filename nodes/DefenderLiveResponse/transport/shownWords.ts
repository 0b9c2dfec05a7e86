/**
 * What others wrote, fit for a description. Whatever answers in the API's place may repeat the
 * request, in any encoding: tokens, secrets and signatures go no further.
 */

const MOST_WORDS = 500;
/** Secrets are looked for in this much; what stands behind it is not shown. */
const MOST_READ = 10 * MOST_WORDS;

/** A character as it is, in a URL (encoded once or more often), in JSON, or in HTML. */
function inAnyEncoding(character: string): string {
	const code = character.charCodeAt(0).toString(16);
	const hex = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
	return `(?:\\${character}|%(?:25)*${hex}|\\\\+u00${hex}|&#(?:[xX]0*${hex}|0*${character.charCodeAt(0)});)`;
}

const EQUALS = inAnyEncoding('=');
const COLON = inAnyEncoding(':');
const DOT = inAnyEncoding('.');
const AFTER_ENCODED = '(?<=%(?:25)*[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4})';
/** What may stand between a name and its value. */
const GAP = `(?:\\s|${['=', ':', '"', "'", ' ', '+', '\\'].map(inAnyEncoding).join('|')}|&quot;)`;
/** In quotes up to the next one, else up to where something else begins. */
const VALUE = `(?:${GAP}*?["'][^"']+|${GAP}*(?:[^\\s&"'<>;,]|&#x?[0-9a-f]+;)+)`;

const NAMES = 'sig|client_?(?:secret|assertion)|(?:access|refresh|id)_?token|password';
/** Gone with their names, so that a search for one in what n8n keeps finds none. */
const SECRET_FIELD = new RegExp(
	`(?:(?<![a-z])|${AFTER_ENCODED})(?:(?:${NAMES})${GAP}*?(?:${EQUALS}|${COLON})|(?:code|assertion)${EQUALS})${VALUE}`,
	'gi',
);
const BEARER = new RegExp(`(bearer)${GAP}${VALUE}`, 'gi');
/** Three or more parts of Base64url with dots between them, or a token of which the end was cut. */
const TOKEN = new RegExp(
	`(?<![\\w-])[\\w-]{16,}(?:${DOT}[\\w-]{16,}){2,}|(?:(?<![A-Za-z0-9])|${AFTER_ENCODED})ey[AIJ][\\w-]{5,}(?:${DOT}[\\w-]*)*`,
	'g',
);
/** As Entra makes them. */
const CLIENT_SECRET = /[\w.~-]{3}\dQ~[\w.~-]{31,}/g;
/** The HMAC-SHA256 at the end of a link, in Base64. */
const SIGNATURE = new RegExp(`(?<![\\w+/%-])[\\w+/%-]{43,}${EQUALS}`, 'g');

/** One line of printable characters without secrets. */
export function shownWords(text: string): string {
	// A word that is cut could hide what it is.
	const read = text.length > MOST_READ ? text.slice(0, MOST_READ).replace(/\S*$/, '') : text;
	// A client secret can hold what looks like the head of a token; no token holds a "~".
	return [SECRET_FIELD, CLIENT_SECRET, TOKEN, SIGNATURE]
		.reduce(
			(line, secret) => line.replace(secret, '…'),
			read.replace(/[\p{C}\s]+/gu, ' ').replace(BEARER, '$1 …'),
		)
		.trim()
		.slice(0, MOST_WORDS);
}
