/** A user who searches the page for what n8n shows finds it, and finds nothing that n8n never shows. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { signInMessage } from '../../../nodes/DefenderLiveResponse/transport/signInMessages';
import { readMarkdown, repository } from '../../support/markdown.mts';
import { sourceMessages } from '../../support/sourceMessages.mts';

const PAGE = 'docs/troubleshooting.md';
const COLUMNS = ['Message', 'Hint', 'Reason', 'Note'];

const listed = readMarkdown(PAGE)
	.tables.filter(({ rows }) => COLUMNS.includes(rows[0][0]))
	.flatMap(({ rows }) => rows.slice(1))
	.flatMap(([cell]) => cell.split('<br>'));

const said = sourceMessages().filter(({ text }) => wordsOf(text).length > 0);

function wordsOf(text: string): string[] {
	return text.replace('(AADSTS…)', '').match(/\p{L}{2,}/gu) ?? [];
}

const pattern = (text: string) =>
	new RegExp(
		`^${text
			.split('…')
			.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
			.join('.+')}$`,
		'su',
	);

/** `…` on either side stands for anything on the other. */
const isSame = (a: string, b: string) => pattern(a).test(b) || pattern(b).test(a);

/** Messages of the credential hold their next step; of these the page lists the first sentence. */
const isListedAs = (entry: string, text: string) =>
	isSame(entry, text) || isSame(entry, text.split(/\.\s+(?=\p{Lu})/u)[0]);

it('lists every message, hint and reason of the node and the credential', () => {
	const missing = said.filter(({ text }) => !listed.some((entry) => isListedAs(entry, text)));
	expect(missing).toEqual([]);
	expect(said.length).toBeGreaterThan(100);
});

it('lists nothing that neither of them can say', () => {
	const unheardOf = listed.filter((entry) => !said.some(({ text }) => isListedAs(entry, text)));
	expect(unheardOf).toEqual([]);
});

it('leaves no entry open enough to stand for anything', () => {
	expect(listed.filter((entry) => wordsOf(entry).length < 2)).toEqual([]);
	expect(said.filter(({ text }) => wordsOf(text).length < 2)).toEqual([]);
});

describe('codes of Entra', () => {
	const table = readMarkdown(PAGE).tables.find(
		({ rows: [[, head]] }) => head === 'Codes (AADSTS)',
	)!;
	const listedCodes = table.rows.slice(1).flatMap(([message, codes]) =>
		[...codes.matchAll(/\b(\d{5,7})(?:–(\d{5,7}))?\b/g)].flatMap(([, first, last = first]) =>
			Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => ({
				message,
				code: Number(first) + at,
			})),
		),
	);

	it('stand beside the message they lead to', () => {
		for (const { message, code } of listedCodes) {
			const shown = signInMessage({ kind: 'refused', status: 400, codes: [code] });
			expect(shown.slice(0, message.length)).toBe(message);
		}
	});

	it('are all there', () => {
		const source = readFileSync(
			path.join(repository, 'nodes/DefenderLiveResponse/transport/signInMessages.ts'),
			'utf8',
		);
		const known = /const MESSAGES[^]*?\n\];/
			.exec(source)![0]
			.match(/\b\d{5,7}\b/g)!
			.map(Number);
		expect(listedCodes.map(({ code }) => code).sort()).toEqual(known.sort());
	});
});
