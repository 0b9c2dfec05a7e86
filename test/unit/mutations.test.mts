/** The changes that `npm run mutate` makes fit the sources as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../playground/folders.mts';
import { faultMutations } from '../mutations/faultRules.mts';
import { guardMutations } from '../mutations/guards.mts';

describe.each([
	['guards', guardMutations()],
	['faults', faultMutations(false)],
])('mutations: %s', (_kind, { mutations, objectionTo }) => {
	it('what is changed stands in its file exactly once', () => {
		const misfits = mutations.flatMap(({ name, changes }) =>
			changes.flatMap(({ file, from }) => {
				const times = readFileSync(join(root, file), 'utf8').split(from).length - 1;
				return times === 1 ? [] : [`${name}: ${times} times in ${file}`];
			}),
		);
		expect(misfits).toEqual([]);
	});

	it('is what the page of promises says of it', () => {
		const objections = mutations.flatMap((mutation) => objectionTo?.(mutation) ?? []);
		expect(objections).toEqual([]);
	});
});
