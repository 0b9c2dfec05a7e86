/** The words of the editor and of messages are those of n8n and of plain English. */
import { sourceWords } from '../support/sourceWords.mts';

const words = sourceWords();

it('the list has labels, placeholders, tooltips, options, messages and next steps', () => {
	const texts = words.map(({ text }) => text);
	expect(texts).toEqual(
		expect.arrayContaining([
			'Max Wait (Minutes)',
			'e.g. triage.ps1',
			'The script to run, from the live response library',
			'Run script on device',
			'Another live response is already in progress on this device',
			'Update the Defender sensor on the device, then run this again.',
			expect.stringMatching(/^Nothing rules out a live response/),
		]),
	);
	expect(texts.length).toBeGreaterThan(300);
});

it.each([
	['a device picks up a machine action', /\b(?:take[ns]?|taking|took) (?:it |this )?up\b/],
	['a file has an extension', /\bits ending\b/],
	['an ID is in capitals', /(?<![\w.-])id(?! …\))\b(?!:)/],
	[
		'a live response is cancelled as Defender writes it',
		/\bcanceled\b(?<!^The execution was canceled)/,
	],
	['a tag or a name is case-sensitive', /upper and lower case/i],
	['a centre of Microsoft is followed by a comma', /\b(?:admin center|Defender portal) open\b/],
	['values are returned', /expression that gives/],
])('one term for one thing: %s', (_term, other) => {
	expect(words.filter(({ text }) => other.test(text))).toEqual([]);
});

it('a message about a permission says how n8n gets a token that has it', () => {
	const needing = words.filter(({ text }) => /may not do this: it needs/.test(text));
	expect(needing).toHaveLength(2);
	for (const { text } of needing) {
		expect(text).toMatch(
			/then open the credential in n8n and (?:choose Retry|connect again), so that it gets a new token$/,
		);
	}
});

it('nothing is refused or spent: it is rejected, or used up', () => {
	expect(words.filter(({ text }) => /\b(?:refus|spent\b)/i.test(text))).toEqual([]);
});
