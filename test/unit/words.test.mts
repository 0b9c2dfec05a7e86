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
		]),
	);
	expect(texts.length).toBeGreaterThan(300);
});

it('nothing is refused or spent: it is rejected, or used up', () => {
	expect(words.filter(({ text }) => /\b(?:refus|spent\b)/i.test(text))).toEqual([]);
});
