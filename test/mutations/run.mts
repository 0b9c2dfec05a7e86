/**
 * `npm run mutate [-- guards|faults] [words] [--quick]`: makes one change after the other in a copy
 * of the sources, and sees to it that the tests named for it fail. `guards` are the promises of
 * SECURITY.md, `faults` the rules behind the fault matrix. Words choose mutations that hold one of
 * them, `--quick` takes one operation of those that make the same call.
 */
import { parseArgs } from 'node:util';

import { faultMutations } from './faultRules.mts';
import { guardMutations } from './guards.mts';
import type { Mutation, MutationList } from './mutation.mts';
import { ProjectCopy } from './projectCopy.mts';

const { values, positionals } = parseArgs({
	options: { quick: { type: 'boolean', default: false } },
	allowPositionals: true,
});
const lists: Record<string, MutationList> = {
	guards: guardMutations(),
	faults: faultMutations(values.quick),
};
const kinds = positionals.filter((word) => Object.hasOwn(lists, word));
const words = positionals.filter((word) => !kinds.includes(word)).map((word) => word.toLowerCase());
const tally = { passed: 0, failed: 0 };

const copy = new ProjectCopy();
try {
	for (const kind of kinds.length > 0 ? kinds : Object.keys(lists)) {
		console.log(`\n${kind}`);
		runList(lists[kind]);
	}
} finally {
	copy.remove();
}
console.log(`\nmutations: ${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

function runList(list: MutationList): void {
	const chosen = list.mutations.filter(isChosen);
	const sound = soundTests(chosen);
	const seen = new Set<string>();
	const seenToFail = new Set<string>();
	for (const mutation of chosen) {
		const { objection, failing } = tryOut(mutation, sound, list);
		count(objection === null, mutation.name, objection ?? `${failing.length} tests fail`);
		for (const name of failing) {
			seenToFail.add(name);
			if (words.length > 0) console.log(`      ${name}`);
		}
		for (const name of sound) if (mutation.testNames.test(name)) seen.add(name);
	}
	if (words.length > 0) return;
	const never = [...seen].filter((name) => list.mustFail?.(name) && !seenToFail.has(name));
	for (const name of never) count(false, name, 'no mutation makes it fail');
}

function tryOut(
	mutation: Mutation,
	sound: ReadonlySet<string>,
	list: MutationList,
): { objection: string | null; failing: string[] } {
	const objection = list.objectionTo?.(mutation) ?? null;
	if (objection !== null) return { objection, failing: [] };
	if (![...sound].some((name) => mutation.testNames.test(name))) {
		return { objection: 'no test that passes without it has such a name', failing: [] };
	}
	const undo: Array<() => void> = [];
	try {
		for (const change of mutation.changes) undo.push(copy.apply(change));
		const failing = copy
			.run(mutation.test, mutation.testNames)
			.filter(({ fullName, status }) => status === 'failed' && sound.has(fullName))
			.map(({ fullName }) => fullName);
		return { objection: failing.length > 0 ? null : 'all tests pass with it', failing };
	} catch (error) {
		return { objection: error instanceof Error ? error.message : String(error), failing: [] };
	} finally {
		for (const one of undo.reverse()) one();
	}
}

/** The full names of the tests of these mutations that pass on the sources as they are. */
function soundTests(mutations: readonly Mutation[]): Set<string> {
	const files = [...new Set(mutations.map(({ test }) => test))];
	const results = files.flatMap((file) => {
		const names = mutations.filter(({ test }) => test === file).map(({ testNames }) => testNames);
		return copy.run(file, new RegExp(names.map(({ source }) => `(?:${source})`).join('|')));
	});
	const broken = results.filter(({ status }) => status !== 'passed');
	for (const { fullName } of broken) count(false, fullName, 'it fails without any mutation');
	return new Set(results.filter((result) => !broken.includes(result)).map((r) => r.fullName));
}

function isChosen({ name }: Mutation): boolean {
	return words.length === 0 || words.some((word) => name.toLowerCase().includes(word));
}

function count(ok: boolean, name: string, detail: string): void {
	tally[ok ? 'passed' : 'failed'] += 1;
	console.log(`${ok ? 'ok' : 'not ok'}  ${name}: ${detail}`);
}
