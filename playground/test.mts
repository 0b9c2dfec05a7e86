/**
 * `npm test`: unit and integration tests, then those on n8n: end to end, and of its editor in Chromium,
 * which are left out on a machine without one. Arguments choose a part (`npm test -- unit`) or files,
 * and are otherwise passed on to jest. The part `queue` (n8n in queue mode, `npm run test:queue`) runs
 * only when it is asked for.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { findChromium } from './chromium.mts';
import { packPackage } from './communityPackage.mts';
import { root, workFolder } from './folders.mts';
import { endWith } from './obstacle.mts';

interface JestResult {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	/** Files that could not be run at all. */
	readonly numRuntimeErrorTestSuites: number;
}

interface Tally {
	passed: number;
	failed: number;
}

const usual = ['unit', 'integration', 'e2e', 'editor'];
const projects = [...usual, 'queue'];
/** They share an n8n, or start whole ones, and measure nothing but answers: one file after the other. */
const oneByOne = [['e2e', 'editor'], ['queue']];
const jest = join(root, 'node_modules/jest/bin/jest.js');

const args = process.argv.slice(2);
const chosen = projects.filter((project) => args.includes(project));
const others = args.filter((arg) => !projects.includes(arg));

try {
	await packPackage(() => console.log('Building the package ...'));
	const total: Tally = { passed: 0, failed: 0 };
	for (const phase of phases()) {
		const { passed, failed } = await runJest(phase);
		total.passed += passed;
		total.failed += failed;
	}
	console.log(`\n${total.passed} passed, ${total.failed} failed`);
	process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
} catch (error) {
	endWith(error);
}

function phases(): string[][] {
	const selected = chosen.length > 0 ? chosen : usual.filter(canRun);
	const isSelected = (project: string) => selected.includes(project);
	const quick = selected.filter((project) => !oneByOne.flat().includes(project));
	const slow = oneByOne.map((together) => together.filter(isSelected));
	return [
		...(quick.length > 0 ? [['--selectProjects', ...quick]] : []),
		...slow
			.filter((together) => together.length > 0)
			.map((together) => ['--selectProjects', ...together, '--runInBand']),
	];
}

function canRun(project: string): boolean {
	if (project !== 'editor' || findChromium() !== undefined) return true;
	console.log(
		'Without the tests of the editor: they need Chromium (Debian: apt-get install chromium).',
	);
	return false;
}

async function runJest(phase: string[]): Promise<Tally> {
	const resultFile = join(workFolder, 'jest-result.json');
	mkdirSync(workFolder, { recursive: true });
	rmSync(resultFile, { force: true });
	const output = ['--json', `--outputFile=${resultFile}`, '--passWithNoTests'];
	const child = spawn(process.execPath, [jest, ...phase, ...output, ...others], {
		cwd: root,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => child.kill(signal));
	}
	const [status] = (await once(child, 'close')) as [number | null];
	if (!existsSync(resultFile)) return { passed: 0, failed: 1 };

	const result = JSON.parse(readFileSync(resultFile, 'utf8')) as JestResult;
	const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
	return { passed: result.numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
}
