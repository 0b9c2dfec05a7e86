/**
 * `npm test`: the tests project by project, those on n8n and of its editor last; those of the editor
 * need Chromium and are left out on a machine without one. Arguments choose projects (`npm test --
 * unit`) or files, and are otherwise passed on to jest. The project `queue` (n8n in queue mode) runs
 * only when it is asked for. A project that ran as a whole must have run every file of tests, have no
 * skipped test, and as many that passed as test/leastTests.json says.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { findChromium } from './chromium.mts';
import { packPackage } from './communityPackage.mts';
import { root, workFolder } from './folders.mts';
import { jestProjects, objections, type JestReport } from './jestProjects.mts';
import { endWith } from './userFacingError.cjs';

interface Outcome {
	readonly project: string;
	readonly passed: number;
	readonly failed: number;
	readonly objections: readonly string[];
}

/**
 * They share an n8n, or start whole ones: one file after the other. A set-up that fails may leave
 * servers and children behind, for which jest would wait for ever.
 */
const onN8n = ['e2e', 'editor', 'queue'];
const onN8nOptions = ['--runInBand', '--forceExit'];
const jest = join(root, 'node_modules/jest/bin/jest.js');
const counter = join(root, 'playground/jestCounts.cjs');
const noReport = 'jest did not come to its end: see above';

let interrupted = false;
const args = process.argv.slice(2);
const projects = jestProjects();
const chosen = projects.filter((project) => args.includes(project));
const others = args.filter((arg) => !projects.includes(arg));

try {
	await packPackage(() => console.log('Building the package ...'));
	const outcomes: Outcome[] = [];
	for (const project of selected()) {
		if (!interrupted) outcomes.push(await run(project));
	}
	console.log('');
	for (const { project, passed, failed, objections: those } of outcomes) {
		console.log(`${project}: ${passed} passed, ${failed} failed`);
		for (const objection of those) console.log(`  ${objection}`);
	}
	const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
	const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
	if (passed + failed === 0) console.log('No test was found.');
	console.log(`${passed} passed, ${failed} failed`);
	process.exitCode = failed === 0 && passed > 0 && !interrupted ? 0 : 1;
} catch (error) {
	endWith(error);
}

function selected(): string[] {
	if (chosen.length > 0) return chosen;
	return projects.filter((project) => project !== 'queue' && canRun(project));
}

function canRun(project: string): boolean {
	if (project !== 'editor' || findChromium() !== undefined) return true;
	console.log('NOT CHECKED the editor: its tests need Chromium (Debian: apt-get install chromium)');
	return false;
}

async function run(project: string): Promise<Outcome> {
	console.log(`\n== ${project}`);
	const { report, status } = await runJest(project);
	if (report === undefined) return { project, passed: 0, failed: 1, objections: [noReport] };

	const broken = report.numFailedTests + report.numRuntimeErrorTestSuites;
	const those = others.length === 0 ? objections(project, report) : [];
	return {
		project,
		passed: report.numPassedTests,
		failed: broken + those.length || Number(status !== 0),
		objections: those,
	};
}

async function runJest(
	project: string,
): Promise<{ report: JestReport | undefined; status: number | null }> {
	const reportFile = join(workFolder, `jest-counts.${project}.json`);
	mkdirSync(workFolder, { recursive: true });
	rmSync(reportFile, { force: true });
	const child = spawn(
		process.execPath,
		[
			jest,
			...['--selectProjects', project],
			...(onN8n.includes(project) ? onN8nOptions : [`--maxWorkers=${availableParallelism()}`]),
			...['--reporters=default', `--reporters=${counter}`, '--passWithNoTests'],
			...others,
		],
		{
			cwd: root,
			env: { ...process.env, COUNTS_FILE: reportFile },
			stdio: ['ignore', 'ignore', 'inherit'],
		},
	);
	const stop = (signal: NodeJS.Signals) => {
		interrupted = true;
		child.kill(signal);
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	for (const signal of signals) process.on(signal, stop);
	const [status] = (await once(child, 'close')) as [number | null];
	for (const signal of signals) process.off(signal, stop);
	const report = existsSync(reportFile)
		? (JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport)
		: undefined;
	return { report, status };
}
