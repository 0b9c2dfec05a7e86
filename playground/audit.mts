/**
 * `npm run audit`: are there known vulnerabilities in what ships? The package has no dependencies, so
 * `npm audit` alone would look at nothing: it is asked about the packages inside the bundle. Where
 * the registry does not answer, this says so and counts nothing; with `--required` that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from './folders.mts';

interface BundledPackage {
	name: string;
	version: string;
	licence: string;
}

const ALLOWED_LICENCES = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];
const notices = join(root, 'dist/THIRD_PARTY_NOTICES.md');
const required = process.argv.includes('--required');
const tally = { passed: 0, failed: 0 };

if (existsSync(notices)) audit(bundledPackages(readFileSync(notices, 'utf8')));
else check('there is a build to look at: run npm run build', false);
console.log(`audit: ${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;

function bundledPackages(text: string): BundledPackage[] {
	return [...text.matchAll(/^## (\S+) (\S+) \((.+)\)$/gm)].map(([, name, version, licence]) => ({
		name,
		version,
		licence,
	}));
}

function audit(bundled: BundledPackage[]): void {
	for (const { name, version, licence } of bundled)
		console.log(`  ${name} ${version} (${licence})`);
	check(
		`${bundled.length} bundled packages, each with a licence that allows it`,
		bundled.length > 0 && bundled.every(({ licence }) => ALLOWED_LICENCES.includes(licence)),
	);
	const report = askRegistry(bundled);
	switch (report.kind) {
		case 'unanswered':
			console.log(
				`NOT CHECKED known vulnerabilities: the registry did not answer (${report.reason})`,
			);
			if (required) check('the registry answers', false);
			break;
		case 'answered':
			for (const line of report.vulnerable) console.log(`  ${line}`);
			check('no known vulnerabilities in the bundled packages', report.vulnerable.length === 0);
	}
}

type Report = { kind: 'answered'; vulnerable: string[] } | { kind: 'unanswered'; reason: string };

/** `npm audit` reads a lockfile; this one holds the bundled packages and nothing else. */
function askRegistry(bundled: BundledPackage[]): Report {
	const folder = mkdtempSync(join(tmpdir(), 'audit-'));
	try {
		const dependencies = Object.fromEntries(bundled.map(({ name, version }) => [name, version]));
		const manifest = { name: 'bundled', version: '1.0.0', dependencies };
		const packages = Object.fromEntries(
			bundled.map(({ name, version }) => [`node_modules/${name}`, { version }]),
		);
		const lock = { ...manifest, lockfileVersion: 3, packages: { '': manifest, ...packages } };
		writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
		writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
		const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: folder, encoding: 'utf8' });
		return read(stdout);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function read(stdout: string): Report {
	const answer = JSON.parse(stdout || '{}') as {
		auditReportVersion?: number;
		message?: string;
		vulnerabilities?: Record<string, { severity: string; range: string }>;
	};
	if (answer.auditReportVersion === undefined || answer.vulnerabilities === undefined) {
		return { kind: 'unanswered', reason: answer.message ?? 'no report' };
	}
	const vulnerable = Object.entries(answer.vulnerabilities).map(
		([name, { severity, range }]) => `${name} ${range}: ${severity}`,
	);
	return { kind: 'answered', vulnerable };
}

function check(name: string, ok: boolean): void {
	tally[ok ? 'passed' : 'failed'] += 1;
	console.log(`${ok ? 'ok' : 'not ok'}  ${name}`);
}
