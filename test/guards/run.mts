/**
 * `npm run guards [-- words]`: takes each guard out of a copy of the sources, and sees to it that
 * the test SECURITY.md names for it fails. A promise whose test passes without its guard is no
 * promise. Words choose promises that hold one of them.
 */
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../../playground/folders.mts';
import { guards, type Guard } from './guards.mts';

interface TestResult {
	fullName: string;
	status: string;
}

interface JestReport {
	testResults: Array<{ assertionResults: TestResult[] }>;
}

const COPIED = [
	'nodes',
	'credentials',
	'emulator',
	'test',
	'playground/folders.mts',
	'jest.config.js',
	'package.json',
	'tsconfig.json',
	'gulpfile.js',
];
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = guards.filter(
	({ promise }) => words.length === 0 || words.some((word) => promise.toLowerCase().includes(word)),
);
const security = readFileSync(join(root, 'SECURITY.md'), 'utf8');
const copy = mkdtempSync(join(tmpdir(), 'guards-'));
const sound = new Map<string, TestResult[]>();
let passed = 0;

try {
	for (const path of COPIED) cpSync(join(root, path), join(copy, path), { recursive: true });
	symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
	for (const guard of chosen) {
		const objection = objectionTo(guard);
		if (objection === null) passed += 1;
		const verdict = objection === null ? 'ok' : `not ok (${objection})`;
		console.log(`${verdict}  ${guard.promise}\n      ${guard.test}: ${guard.testName}`);
	}
} finally {
	rmSync(copy, { recursive: true, force: true });
}
console.log(`guards: ${passed} passed, ${chosen.length - passed} failed`);
process.exitCode = passed === chosen.length && passed > 0 ? 0 : 1;

/** Why the promise does not hold what it says; null when it does. */
function objectionTo(guard: Guard): string | null {
	if (!isInSecurity(guard)) return 'SECURITY.md does not name promise and test';
	const file = join(copy, guard.file);
	const source = readFileSync(file, 'utf8');
	if (source.split(guard.guard).length !== 2) return 'the guard is not in the file exactly once';

	const withGuard = withGuards(guard.test).filter(({ fullName }) => belongsTo(guard, fullName));
	if (withGuard.length === 0) return 'there is no such test';
	if (withGuard.some(({ status }) => status !== 'passed')) return 'the test fails with the guard';
	writeFileSync(
		file,
		source.replace(guard.guard, () => guard.without),
	);
	const without = resultsOf(guard.test, [guard]);
	writeFileSync(file, source);
	return without.some(({ status }) => status === 'failed')
		? null
		: 'the test passes without the guard';
}

/** All tests of a file that are named here, run once on the sources as they are. */
function withGuards(test: string): TestResult[] {
	const known = sound.get(test);
	if (known) return known;
	const results = resultsOf(
		test,
		chosen.filter((guard) => guard.test === test),
	);
	sound.set(test, results);
	return results;
}

function isInSecurity({ promise, test }: Guard): boolean {
	return security.split('\n').some((line) => line.includes(promise) && line.includes(test));
}

function belongsTo({ testName }: Guard, fullName: string): boolean {
	return fullName.startsWith(testName);
}

function resultsOf(test: string, named: readonly Guard[]): TestResult[] {
	const report = join(copy, 'report.json');
	rmSync(report, { force: true });
	const names = named.map(({ testName }) => testName.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	spawnSync(
		process.execPath,
		[
			join(root, 'node_modules/jest/bin/jest.js'),
			...['--runTestsByPath', test, '-t', `^(${names.join('|')})`],
			...['--json', `--outputFile=${report}`, '--silent'],
		],
		{ cwd: copy, stdio: 'ignore' },
	);
	const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
	return testResults
		.flatMap(({ assertionResults }) => assertionResults)
		.filter(({ status }) => status !== 'pending')
		.filter(({ fullName }) => named.some((guard) => belongsTo(guard, fullName)));
}
