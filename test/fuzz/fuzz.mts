/**
 * `npm run fuzz [-- --cases N --seed S]`: the properties on many made-up inputs. Each run has a new
 * seed, which it prints: given again, it makes the same inputs. An input that breaks a property is
 * made small and kept in test/fixtures/corpus.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

import fc from 'fast-check';

import { addToCorpus, properties } from './corpus.mts';
import type { Property } from './property.mts';

const SLOWEST_CASE_MS = 2000;
// Most cases are refused by JSON.parse first, and a stack for each takes most of the time.
Error.stackTraceLimit = 0;

const { values } = parseArgs({
	options: {
		cases: { type: 'string', default: '1000000' },
		seed: { type: 'string', default: String(randomInt(2 ** 31)) },
		corpus: { type: 'string' },
	},
});
const cases = Number(values.cases);
const seed = Number(values.seed);
const corpusFolder = values.corpus ?? 'test/fixtures/corpus';
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
	console.error('--cases takes a number from 1 up, --seed a whole number');
	process.exit(2);
}

const allShares = properties.reduce((sum, { share }) => sum + share, 0);
const totals = { cases: 0, strict: 0, repaired: 0, raw: 0, passed: 0, failed: 0 };
console.log(`${cases} cases, seed ${seed}`);
for (const one of properties) run(one, Math.ceil((cases * one.share) / allShares));
console.log(
	`\n${totals.cases} cases: ${totals.strict} strict, ${totals.repaired} repaired, ${totals.raw} raw`,
);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

function run(property: Property, numRuns: number): void {
	const outcomes = new Map<string, number>();
	let ran = 0;
	const started = performance.now();
	const result = fc.check(
		fc.property(property.inputs, (input) => {
			const before = performance.now();
			const outcome = property.check(input);
			const took = performance.now() - before;
			if (took > SLOWEST_CASE_MS) throw new Error(`took ${took.toFixed(0)} ms`);
			outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
			ran += 1;
		}),
		{ numRuns, seed },
	);
	const seconds = (performance.now() - started) / 1000;

	totals.cases += ran;
	for (const kind of ['strict', 'repaired', 'raw'] as const)
		totals[kind] += outcomes.get(kind) ?? 0;
	totals[result.failed ? 'failed' : 'passed'] += 1;
	console.log(`\n${result.failed ? 'not ok' : 'ok'}  ${property.name}`);
	const counts = [...outcomes].sort().map(([outcome, count]) => `${count} ${outcome}`);
	console.log(`    ${ran} cases in ${seconds.toFixed(1)} s: ${counts.join(', ')}`);
	if (!result.failed) return;
	const [input] = result.counterexample ?? [];
	const kept = addToCorpus(corpusFolder, property, input);
	const reason = result.errorInstance instanceof Error ? result.errorInstance.message : '';
	console.log(`    ${reason}\n    kept as ${kept}`);
}
