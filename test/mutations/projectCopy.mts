import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../../playground/folders.mts';
import type { Change } from './mutation.mts';

const copied = [
	...['nodes', 'credentials', 'emulator', 'test', 'docs'],
	...['jest.config.js', 'package.json', 'tsconfig.json', 'gulpfile.js'],
];

/** A mutation may make a test wait for ever. */
const longestRunMs = 15 * 60_000;
/** Other tests may run beside it, and what takes long is no failure here. */
const longestTestMs = 120_000;

export interface TestResult {
	readonly fullName: string;
	readonly status: 'passed' | 'failed' | 'pending' | 'todo';
}

interface JestReport {
	readonly testResults: ReadonlyArray<{ readonly assertionResults: readonly TestResult[] }>;
}

/** A copy of what the unit and integration tests need, to be changed and thrown away. */
export class ProjectCopy {
	readonly #folder = mkdtempSync(join(tmpdir(), 'mutations-'));

	constructor() {
		for (const path of copied) {
			cpSync(join(root, path), join(this.#folder, path), { recursive: true });
		}
		symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
	}

	/**
	 * @returns what undoes the change
	 * @throws Error when the text is not in the file exactly once
	 */
	apply({ file, from, to }: Change): () => void {
		const path = join(this.#folder, file);
		const source = readFileSync(path, 'utf8');
		if (source.split(from).length !== 2)
			throw new Error(`${file} holds "${from}" not exactly once`);
		writeFileSync(
			path,
			source.replace(from, () => to),
		);
		return () => writeFileSync(path, source);
	}

	/** Runs the tests of a file whose full names match. @throws Error when jest gives no report in time */
	run(test: string, names: RegExp): TestResult[] {
		const report = join(this.#folder, 'report.json');
		rmSync(report, { force: true });
		const { error } = spawnSync(
			process.execPath,
			[
				join(root, 'node_modules/jest/bin/jest.js'),
				...['--selectProjects', 'unit', 'integration', '--runInBand', '--silent'],
				`--testTimeout=${longestTestMs}`,
				...['--runTestsByPath', test, '--testNamePattern', names.source],
				...['--json', `--outputFile=${report}`],
			],
			{ cwd: this.#folder, stdio: 'ignore', timeout: longestRunMs, killSignal: 'SIGKILL' },
		);
		if (error !== undefined) throw error;
		const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
		return testResults
			.flatMap(({ assertionResults }) => assertionResults)
			.filter(({ fullName, status }) => status !== 'pending' && names.test(fullName));
	}

	remove(): void {
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
