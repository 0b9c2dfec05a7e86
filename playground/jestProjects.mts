/** The test projects of jest.config.js, and how a run of one of them went. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { root } from './folders.mts';

/** What jest counts in a run. */
export interface JestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numTodoTests: number;
	/** Files that could not be run at all. */
	readonly numRuntimeErrorTestSuites: number;
}

/** The names of the projects, in the order of jest.config.js. */
export function jestProjects(): string[] {
	const config = createRequire(import.meta.url)(join(root, 'jest.config.js')) as {
		projects: Array<{ displayName: string }>;
	};
	return config.projects.map(({ displayName }) => displayName);
}

/** How many tests of the project must pass at least: fewer means that some were not found. */
export function leastTests(project: string): number {
	const file = join(root, 'test/leastTests.json');
	const least = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<string, number>>;
	return least[project] ?? 1;
}

/** What is wrong with a run of a whole project in which no test failed. */
export function objections(project: string, report: JestReport): string[] {
	const least = leastTests(project);
	const { numPassedTests: passed, numPendingTests: skipped, numTodoTests: todo } = report;
	return [
		...(skipped > 0 ? [`${skipped} tests are skipped: let them run, or delete them`] : []),
		...(todo > 0 ? [`${todo} tests are still to be written (test.todo)`] : []),
		...(passed < least
			? [`${passed} tests passed, ${least} are expected at least (test/leastTests.json)`]
			: []),
	];
}
