/**
 * `npm run scan`: runs n8n's community package scan on this package before it is published: the source as its first
 * leg reads it, and the unpacked tarball as its second leg does. The scanner's own command line takes
 * only packages that are on the registry already, and exits with 0 whatever it finds.
 */
import { spawnSync } from 'node:child_process';
import {
	existsSync,
	globSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { mostPackedKilobytes } from './communityPackage.mts';
import { root, workFolder } from './folders.mts';

interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	analyzePackage(
		packageDir: string,
		filePatterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}

interface PackedFile {
	path: string;
	size: number;
}

const SCANNER = '@n8n/scan-community-package';
const SCANNER_VERSION = '0.32.0';
const TARBALL_PATTERNS = ['**/*.js', 'package.json'];

const EXPECTED_FILES = [
	/^(package\.json|index\.js|README\.md|CHANGELOG\.md|LICENSE\.md)$/,
	/^dist\/THIRD_PARTY_NOTICES\.md$/,
	/^dist\/credentials\/\w+\.credentials\.js$/,
	/^dist\/(nodes|credentials)\/.*\.svg$/,
	/^dist\/nodes\/.*\.js$/,
	/^dist\/nodes\/.*\.node\.json$/,
	/^dist\/nodes\/.*\/__schema__\/v1\.0\.0\/\w+\/\w+\.json$/,
];

const work = mkdtempSync(join(tmpdir(), 'package-scan-'));
const tally = { passed: 0, failed: 0 };

try {
	await scan();
} catch (error) {
	check('the scan ran to its end', [error instanceof Error ? error.message : String(error)]);
} finally {
	rmSync(work, { recursive: true, force: true });
}
console.log(`scan: ${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;

async function scan(): Promise<void> {
	if (!existsSync(join(root, 'dist/THIRD_PARTY_NOTICES.md'))) {
		throw new Error('There is no build to scan: run npm run build');
	}
	const scanner = await loadScanner();
	const { folder, files, packedBytes } = packAndUnpack();

	for (const { path, size } of files) console.log(`${String(size).padStart(9)}  ${path}`);
	const kilobytes = packedBytes / 1024;
	console.log(`${files.length} files, ${kilobytes.toFixed(1)} KB packed`);

	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
		dependencies?: object;
		n8n: { nodes: string[]; credentials: string[] };
	};
	const paths = files.map(({ path }) => path);
	check(
		'the package has no run-time dependencies',
		Object.keys(manifest.dependencies ?? {}).map((name) => `dependency ${name}`),
	);
	check(
		'the package holds every file its manifest names',
		[...manifest.n8n.nodes, ...manifest.n8n.credentials]
			.filter((path) => !paths.includes(path))
			.map((path) => `missing ${path}`),
	);
	check(
		'the package holds nothing else',
		paths
			.filter((path) => !EXPECTED_FILES.some((expected) => expected.test(path)))
			.map((path) => `unexpected ${path}`),
	);
	check(
		`the package is at most ${mostPackedKilobytes} KB`,
		kilobytes > mostPackedKilobytes ? [`${kilobytes.toFixed(1)} KB`] : [],
	);

	check('the scanner finds what it should', await findingsOfAPlantedViolation(scanner));
	check('source leg', await findings(scanner, root, scanner.SOURCE_FILE_PATTERNS));
	check('tarball leg', await findings(scanner, folder, TARBALL_PATTERNS));
}

/** Installed beside the project: its dependencies do not go with the ones of the root. */
async function loadScanner(): Promise<Scanner> {
	const folder = join(workFolder, 'scan');
	const installed = join(folder, 'node_modules', SCANNER);
	const manifest = join(installed, 'package.json');
	if (!existsSync(manifest) || !readFileSync(manifest, 'utf8').includes(`"${SCANNER_VERSION}"`)) {
		console.log(`Installing ${SCANNER} ${SCANNER_VERSION} (about 20 seconds)`);
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
		npm(
			['install', `${SCANNER}@${SCANNER_VERSION}`, '--ignore-scripts', '--no-legacy-peer-deps'],
			folder,
		);
	}
	return (await import(pathToFileURL(join(installed, 'scanner/scanner.mjs')).href)) as Scanner;
}

function packAndUnpack(): { folder: string; files: PackedFile[]; packedBytes: number } {
	const output = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', work], root);
	const [packed] = JSON.parse(output) as Array<{
		filename: string;
		size: number;
		files: PackedFile[];
	}>;
	run('tar', ['-xzf', packed.filename], work);
	return { folder: join(work, 'package'), files: packed.files, packedBytes: packed.size };
}

async function findings(scanner: Scanner, folder: string, patterns: string[]): Promise<string[]> {
	const count = globSync(patterns, { cwd: folder, exclude: ['node_modules'] }).length;
	if (count < 2) return [`only ${count} files to analyse`];
	const { passed, message, details } = await scanner.analyzePackage(folder, patterns);
	// It also passes, with a message, when it analysed nothing.
	return passed && message === undefined ? [] : [`${message}${details ?? ''}`];
}

async function findingsOfAPlantedViolation(scanner: Scanner): Promise<string[]> {
	const folder = join(work, 'planted');
	mkdirSync(folder);
	writeFileSync(join(folder, 'planted.js'), "require('fs').readFileSync(process.env.HOME);\n");
	const { passed } = await scanner.analyzePackage(folder, TARBALL_PATTERNS);
	return passed ? ['a file that reads the disk and the environment was let through'] : [];
}

function check(name: string, problems: string[]): void {
	const ok = problems.length === 0;
	tally[ok ? 'passed' : 'failed'] += 1;
	console.log([`${ok ? 'ok' : 'not ok'}  ${name}`, ...problems].join('\n    '));
}

function npm(args: string[], cwd: string): string {
	return run('npm', [...args, '--no-fund', '--no-audit', '--loglevel=error'], cwd);
}

function run(command: string, args: string[], cwd: string): string {
	const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
	if (error || status !== 0) {
		throw new Error(`${command} ${args[0]} stopped: ${error?.message ?? stderr.trim()}`);
	}
	return stdout;
}
