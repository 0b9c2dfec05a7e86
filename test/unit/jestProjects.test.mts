/** A run of a whole project in which tests are missing is not taken for one in which all passed. */
import { globSync } from 'node:fs';

import {
	jestProjects,
	leastTests,
	objections,
	testFiles,
	type JestReport,
} from '../../playground/jestProjects.mts';
import { repository } from '../support/markdown.mts';

const whole: JestReport = {
	numPassedTests: leastTests('unit'),
	numFailedTests: 0,
	numPendingTests: 0,
	numTodoTests: 0,
	numPassedTestSuites: testFiles('unit').length,
	numFailedTestSuites: 0,
	numRuntimeErrorTestSuites: 0,
};

it('nothing is said against a run of all files and tests', () => {
	expect(objections('unit', whole)).toEqual([]);
});

it.each<[string, Partial<JestReport>, RegExp]>([
	['a file', { numPassedTestSuites: whole.numPassedTestSuites - 1 }, /files of tests ran/],
	['a test', { numPassedTests: whole.numPassedTests - 1 }, /are expected at least/],
	['a skipped test', { numPendingTests: 1 }, /1 tests are skipped/],
	['a test that is to be written', { numTodoTests: 1 }, /1 tests are still to be written/],
])('%s is missed', (_what, less, objection) => {
	expect(objections('unit', { ...whole, ...less })).toEqual([expect.stringMatching(objection)]);
});

it('every file of tests belongs to a project', () => {
	const files = globSync('test/**/*.test.mts', { cwd: repository });
	expect(new Set(jestProjects().flatMap(testFiles))).toEqual(new Set(files));
});
