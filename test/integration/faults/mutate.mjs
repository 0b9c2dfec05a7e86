/**
 * `npm run faults:mutate`: switches the rules off one by one in a copy of the sources, runs the
 * cells of the fault matrix they are about, and prints which of them fail. A rule without a failing
 * cell, or a cell that no rule makes fail, is an error. `-- WORD` takes only rules with that word,
 * `-- --quick` only one operation of those that make the same call.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { rules } from './rules.mjs';

const root = join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);
const jest = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const wanted = words
	.filter((word) => word !== '--quick')
	.join(' ')
	.toLowerCase();
const rows = isQuick
	? '^(result: parseTranscript|liveResponse: runScript, start|machine|library).*'
	: '';

const copy = mkdtempSync(join(tmpdir(), 'fault-rules-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const part of ['nodes', 'credentials', 'emulator', 'test', 'docs']) {
	cpSync(join(root, part), join(copy, part), { recursive: true });
}
for (const file of ['package.json', 'jest.config.js', 'tsconfig.json']) {
	cpSync(join(root, file), join(copy, file));
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** Cells (`operation, call: [fault]`) with whether they passed. */
function runCells(faults) {
	const escaped = faults.map((fault) => fault.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	const report = join(copy, 'report.json');
	rmSync(report, { force: true });
	const args = ['--selectProjects', 'integration', '--testPathPatterns', 'faultMatrix'];
	args.push('-t', `${rows}\\[(${escaped.join('|')})\\]$`, '--json', '--outputFile', report);
	spawnSync(process.execPath, [jest, ...args], { cwd: copy, stdio: 'ignore' });
	const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
	return testResults
		.flatMap(({ assertionResults }) => assertionResults)
		.filter(({ status }) => status === 'passed' || status === 'failed')
		.map(({ fullName, status }) => ({ cell: fullName, isFailed: status === 'failed' }));
}

/** @returns what switches the rule on again */
function switchOff({ file, from, to }) {
	const path = join(copy, file);
	const source = readFileSync(path, 'utf8');
	if (source.split(from).length !== 2) throw new Error(`${file} holds "${from}" not exactly once`);
	writeFileSync(
		path,
		source.replace(from, () => to),
	);
	return () => writeFileSync(path, source);
}

const seen = new Set();
const failed = new Set();
let idleRules = 0;
for (const off of rules) {
	const { rule, faults, alsoOff } = off;
	if (!rule.toLowerCase().includes(wanted)) continue;
	const others = rules.filter((other) => other.rule === alsoOff);
	const restored = [off, ...others].map(switchOff);
	const cells = runCells(faults);
	for (const restore of restored) restore();
	const broken = cells.filter(({ isFailed }) => isFailed);
	console.log(`\n${rule}: off, ${broken.length} of ${cells.length} cells fail`);
	for (const { cell } of broken) console.log(`  ${cell}`);
	if (broken.length === 0) idleRules++;
	for (const { cell } of cells) seen.add(cell);
	for (const { cell } of broken) failed.add(cell);
}

const never = [...seen].filter((cell) => !failed.has(cell));
console.log(`\n${failed.size} of ${seen.size} cells were seen to fail.`);
for (const cell of never) console.log(`  never: ${cell}`);
const isWhole = wanted === '';
process.exitCode = idleRules > 0 || (isWhole && never.length > 0) ? 1 : 0;
