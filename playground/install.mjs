/**
 * Brings what the demo, the tests and the benchmarks need, on a machine that has only Node.js 20 or
 * later and npm: the tools of this package, Node.js 24 (which n8n asks for) and n8n itself. Then it
 * hands over to a TypeScript program, which Node.js 24 runs as it is.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { endWith, UserFacingError } from './userFacingError.cjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const playground = path.join(root, 'playground');
const workFolder = path.join(root, '.playground');
const logFile = path.join(workFolder, 'install.log');
const node24 = path.join(root, 'node_modules', 'node', 'bin', 'node');
const sqlite = path.join(playground, 'node_modules/sqlite3/build/Release/node_sqlite3.node');

const gigabyte = 1e9;
const progressEverySeconds = 15;

/**
 * Installs what is missing, then runs `script` (a path inside the project) with Node.js 24 and the
 * given arguments, and ends this process with its status.
 */
export async function runWithNode24(script, args, { n8n }) {
	await explained(async () => {
		await prepare({ n8n });
		process.exitCode = await handOver(path.join(root, script), args);
	});
}

async function explained(run) {
	try {
		await run();
	} catch (error) {
		endWith(error);
	}
}

async function prepare({ n8n }) {
	checkNode();
	const steps = missingSteps({ n8n });
	if (steps.length === 0) return;
	checkDisk(steps);
	fs.mkdirSync(workFolder, { recursive: true });
	fs.writeFileSync(logFile, '');
	console.log(
		'Installing what is missing. The first time takes some minutes; later starts take seconds.',
	);
	for (const step of steps) await runStep(step);
}

function checkNode() {
	if (Number(process.versions.node.split('.')[0]) < 20) {
		throw new UserFacingError(
			`Node.js ${process.versions.node} is too old: install Node.js 20 or later (https://nodejs.org), then run the command again.`,
		);
	}
	if (process.platform === 'win32') {
		throw new UserFacingError(
			'The playground runs on Linux and macOS. On Windows, run it inside WSL.',
		);
	}
}

function missingSteps({ n8n }) {
	const steps = [];
	if (!isInstalled(root)) {
		steps.push({ what: 'the tools of this package', bytes: gigabyte, folder: root, npm: ['ci'] });
	}
	if (steps.length > 0 || !fs.existsSync(node24)) {
		steps.push({
			what: 'Node.js 24',
			bytes: 0.3 * gigabyte,
			folder: root,
			npm: ['rebuild', 'node', '--ignore-scripts=false'],
		});
	}
	if (!n8n) return steps;
	const n8nIsThere = isInstalled(playground);
	if (!n8nIsThere) {
		steps.push({
			what: 'n8n (2,200 packages, about 4 minutes)',
			bytes: 5 * gigabyte,
			folder: playground,
			npm: ['ci'],
		});
	}
	if (!n8nIsThere || !fs.existsSync(sqlite)) {
		steps.push({
			what: 'the SQLite driver of n8n',
			bytes: 0.2 * gigabyte,
			folder: playground,
			npm: ['rebuild', 'sqlite3', '--ignore-scripts=false'],
			hint: 'It could neither be downloaded nor be built here. To build it, install python3, make and a C++ compiler (Debian: apt-get install python3 make g++).',
		});
	}
	return steps;
}

/** Whether node_modules holds what the lockfile asks for: npm notes there what it has installed. */
function isInstalled(folder) {
	const wanted = readPackages(path.join(folder, 'package-lock.json'));
	const present = readPackages(path.join(folder, 'node_modules', '.package-lock.json'));
	return Object.entries(wanted).every(
		([name, entry]) =>
			name === '' ||
			entry.optional ||
			entry.devOptional ||
			(present[name] && present[name].version === entry.version),
	);
}

function readPackages(file) {
	try {
		return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
	} catch {
		return {};
	}
}

function checkDisk(steps) {
	const needed = steps.reduce((sum, step) => sum + step.bytes, 0);
	const { bavail, bsize } = fs.statfsSync(root);
	const free = bavail * bsize;
	if (free >= needed) return;
	throw new UserFacingError(
		`Not enough disk space: ${inGigabytes(free)} free in ${root}, ${inGigabytes(needed)} needed. Free some space, then run the command again.`,
	);
}

const inGigabytes = (bytes) => `${(bytes / gigabyte).toFixed(1)} GB`;

async function runStep({ what, folder, npm, hint }) {
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	console.log(`  Installing ${what} ...`);
	const progress = setInterval(
		() => console.log(`  ... still installing ${what}: ${seconds()} s`),
		progressEverySeconds * 1000,
	);
	try {
		const status = await runNpm(npm, folder);
		if (status !== 0) throw new UserFacingError(explainFailure(what, hint));
		console.log(`  Installed ${what} in ${seconds()} s`);
	} finally {
		clearInterval(progress);
	}
}

function runNpm(args, folder) {
	const log = fs.openSync(logFile, 'a');
	const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--no-progress'], {
		cwd: folder,
		env: npmEnvironment(),
		stdio: ['ignore', log, log],
	});
	return new Promise((resolve, reject) => {
		child.on('error', () =>
			reject(new UserFacingError('npm was not found: it comes with Node.js.')),
		);
		child.on('close', (status) => resolve(status));
	}).finally(() => fs.closeSync(log));
}

/**
 * Without what an outer `npm run` says about itself; with Node.js 24 first, once it is there, and
 * its headers, so that a native module is built without a download.
 */
function npmEnvironment() {
	const env = Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) => !/^npm_(package|lifecycle|command|execpath|config_local_prefix)/.test(name),
		),
	);
	const headers = nodeHeaders();
	if (headers === undefined) return env;
	return {
		...env,
		npm_config_nodedir: headers,
		PATH: `${path.dirname(node24)}${path.delimiter}${env.PATH ?? ''}`,
	};
}

function nodeHeaders() {
	const folder = path.join(root, 'node_modules', 'node', 'node_modules');
	if (!fs.existsSync(node24) || !fs.existsSync(folder)) return undefined;
	return fs
		.readdirSync(folder)
		.map((name) => path.join(folder, name))
		.find((candidate) => fs.existsSync(path.join(candidate, 'include', 'node', 'node.h')));
}

function explainFailure(what, hint) {
	const log = fs.readFileSync(logFile, 'utf8');
	const failed = `Installing ${what} did not work.`;
	if (
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT/.test(log) &&
		!hint
	) {
		return `${failed} The npm registry cannot be reached: check the network and proxy settings, then run the command again. (${logFile})`;
	}
	if (log.includes('ENOSPC'))
		return `${failed} The disk is full: free some space, then run the command again.`;
	if (/EACCES|EPERM/.test(log)) return `${failed} No permission to write in ${root}. (${logFile})`;
	return `${failed} ${hint ?? log.trim().split('\n').slice(-5).join('\n')} (${logFile})`;
}

/** The program gets our signals too, and ends by itself: nothing it started may be left running. */
function handOver(script, args) {
	const child = spawn(node24, [script, ...args], {
		cwd: root,
		env: {
			...process.env,
			PATH: `${path.dirname(node24)}${path.delimiter}${process.env.PATH ?? ''}`,
		},
		stdio: 'inherit',
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
		process.on(signal, () => child.kill(signal));
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (status, signal) => resolve(status ?? 128 + os.constants.signals[signal]));
	});
}

// `node playground/install.mjs` installs everything and does no more.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await explained(async () => await prepare({ n8n: true }));
}
