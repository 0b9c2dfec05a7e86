/** The test projects of jest.config.js, and how a run of one of them went. */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { root } from './folders.mts';

/** What jest counts in a run. */
export interface JestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numTodoTests: number;
	readonly numPassedTestSuites: number;
	/** Files with a test that failed, or that could not be run at all. */
	readonly numFailedTestSuites: number;
	/** Files that could not be run at all. */
	readonly numRuntimeErrorTestSuites: number;
}

interface ProjectConfig {
	readonly displayName: string;
	readonly testMatch: string[];
	readonly testPathIgnorePatterns?: string[];
}

const projectConfigs = (): ProjectConfig[] =>
	(
		createRequire(import.meta.url)(join(root, 'jest.config.js')) as {
			projects: ProjectConfig[];
		}
	).projects;

/** The names of the projects, in the order of jest.config.js. */
export const jestProjects = (): string[] => projectConfigs().map(({ displayName }) => displayName);

/** The files of tests of the project, relative to the root. */
export function testFiles(project: string): string[] {
	const config = projectConfigs().find(({ displayName }) => displayName === project);
	if (config === undefined) throw new Error(`No such project: ${project}`);
	const { testMatch, testPathIgnorePatterns = [] } = config;
	const fromRoot = (pattern: string) => pattern.replace('<rootDir>/', '');
	return globSync(testMatch.map(fromRoot), { cwd: root }).filter(
		(file) => !testPathIgnorePatterns.some((ignored) => file.startsWith(fromRoot(ignored))),
	);
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
	const files = testFiles(project).length;
	const { numPassedTests: passed, numPendingTests: skipped, numTodoTests: todo } = report;
	const ran = report.numPassedTestSuites + report.numFailedTestSuites;
	return [
		...(skipped > 0 ? [`${skipped} tests are skipped: let them run, or delete them`] : []),
		...(todo > 0 ? [`${todo} tests are still to be written (test.todo)`] : []),
		...(ran === files ? [] : [`${ran} files of tests ran, and there are ${files}`]),
		...(passed < least
			? [`${passed} tests passed, ${least} are expected at least (test/leastTests.json)`]
			: []),
	];
}
