import { join } from 'node:path';

import fc from 'fast-check';

import { properties, readCorpus } from '../../fuzz/corpus.mts';
import { fixedSeed } from '../../support/fixedSeed.mts';

/** `npm run fuzz` runs a million. */
const CASES = 300;

it.each(properties.map((property) => [property.name, property] as const))(
	'%s',
	(_name, { inputs, check }) => {
		fc.assert(
			fc.property(inputs, (input) => {
				check(input);
			}),
			{ numRuns: CASES, seed: fixedSeed },
		);
	},
);

describe('inputs that once broke a property', () => {
	const corpus = readCorpus(join(__dirname, '../../fixtures/corpus'));

	it.each(corpus.map((entry) => [entry.file, entry] as const))('%s', (_file, entry) => {
		const property = properties.find(({ name }) => name === entry.property);
		expect(property?.name).toBe(entry.property);
		expect(() => property?.check(entry.input)).not.toThrow();
	});
});
