import {
	cutForModel,
	fewerForModel,
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

	it('is as many items as fit, and how many there are', () => {
		const devices = Array.from({ length: 300 }, (_, index) => ({
			json: { id: index, computerDnsName: 'd'.repeat(1000) },
			pairedItem: { item: 0 },
		}));
		const given = fewerForModel(devices)!;
		expect(JSON.stringify(given.map(({ json }) => json)).length).toBeLessThan(101_000);
		expect(given.slice(0, -1)).toEqual(devices.slice(0, given.length - 1));
		expect(given.at(-1)!.json.note).toBe(
			`Only the first ${given.length - 1} of 300 items are shown. Ask for fewer, or filter them.`,
		);
		expect(fewerForModel(devices.slice(0, 50))).toBeNull();
	});
});
