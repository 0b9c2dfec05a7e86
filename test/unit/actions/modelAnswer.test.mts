import {
	cutForModel,
	MOST_CHARACTERS,
} from '../../../nodes/DefenderLiveResponse/actions/modelAnswer';

const long = 'x'.repeat(MOST_CHARACTERS + 1);

describe('what a language model gets', () => {
	it('is the item as it is when nothing in it is long', () => {
		expect(
			cutForModel({ output: 'x'.repeat(MOST_CHARACTERS), exit_code: 0, error: null }),
		).toBeNull();
	});

	it('has long texts cut, and says so', () => {
		const cut = cutForModel({ output: long, error: long, exit_code: 3 })!;
		expect(cut.exit_code).toBe(3);
		for (const text of [cut.output, cut.error].map(String)) {
			expect(text.slice(0, MOST_CHARACTERS)).toBe(long.slice(0, MOST_CHARACTERS));
			expect(text).toMatch(/\n\[Cut: 20000 of 20001 characters\..*\]$/);
		}
	});

	it('has no half of a character', () => {
		const text = `${'x'.repeat(MOST_CHARACTERS - 1)}😀😀`;
		expect(String(cutForModel({ output: text })!.output)).not.toMatch(/[\uD800-\uDBFF]\n/);
	});

	it('does not carry a long output twice', () => {
		const parsed = { output: JSON.stringify([long]), output_json: [long] };
		expect(cutForModel(parsed)).toMatchObject({ output_json: null });
		expect(cutForModel({ output: '[1]', output_json: [1] })).toBeNull();
	});
});
