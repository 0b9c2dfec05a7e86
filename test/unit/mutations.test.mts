/** The changes that `npm run mutate` makes fit the sources as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../playground/folders.mts';
import { faultMutations } from '../mutations/faultRules.mts';
import { guardMutations } from '../mutations/guards.mts';

it.each([
	['guards', guardMutations()],
	['faults', faultMutations(false)],
])('what is changed stands in its file exactly once: %s', (_kind, { mutations }) => {
	const misfits = mutations.flatMap(({ name, changes }) =>
		changes.flatMap(({ file, from }) => {
			const times = readFileSync(join(root, file), 'utf8').split(from).length - 1;
			return times === 1 ? [] : [`${name}: ${times} times in ${file}`];
		}),
	);
	expect(misfits).toEqual([]);
});

it('each guard is what the page of promises says of it', () => {
	const { mutations, objectionTo } = guardMutations();
	expect(objectionTo).toBeDefined();
	expect(mutations.flatMap((mutation) => objectionTo?.(mutation) ?? [])).toEqual([]);
});
