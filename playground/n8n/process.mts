import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { n8nEnvironment, type N8nSettings } from './settings.mts';

const n8nProgram = join(import.meta.dirname, '../node_modules/n8n/bin/n8n');
const stopWithParent = join(import.meta.dirname, 'stopWithParent.mjs');

const startDeadlineSeconds = 240;
const stopDeadlineSeconds = 20;

export interface N8nProcess {
	readonly url: string;
	readonly pid: number;
	/** Standard output and error since the user folder was made. */
	readonly logFile: string;
	/** Asks n8n to stop, and ends what is left of it and its children after 20 seconds. */
	stop(): Promise<void>;
	/** Ends n8n as a crash would: at once, without a chance to save anything. */
	kill(): Promise<void>;
}

/** Starts n8n and waits until it answers. @throws Error with the end of n8n's log when it ends first */
export async function startN8nProcess(settings: N8nSettings): Promise<N8nProcess> {
	mkdirSync(settings.userFolder, { recursive: true });
	const logFile = join(settings.userFolder, 'n8n.log');
	const log = openSync(logFile, 'a');
	// A process group of its own, so that a Ctrl-C reaches n8n through us and its children can be ended.
	const imports = [stopWithParent, ...settings.preload].flatMap((module) => ['--import', module]);
	const child = spawn(process.execPath, [...imports, n8nProgram, 'start'], {
		cwd: settings.userFolder,
		env: { ...inheritedEnvironment(), ...n8nEnvironment(settings) },
		stdio: ['pipe', log, log],
		detached: true,
	});
	closeSync(log);
	await once(child, 'spawn');

	const url = `http://127.0.0.1:${settings.port}`;
	try {
		await untilReady(url, child, logFile);
	} catch (error) {
		await end(child, 'SIGKILL');
		throw error;
	}
	return {
		url,
		pid: child.pid ?? 0,
		logFile,
		stop: async () => await end(child, 'SIGTERM'),
		kill: async () => await end(child, 'SIGKILL'),
	};
}

/** Settings of an n8n on this machine, or of npm, must not change what is tested. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) => !/^(N8N_|DB_|QUEUE_|EXECUTIONS_|npm_|JEST_|NODE_ENV$|NODE_OPTIONS$)/.test(name),
		),
	);
}

async function untilReady(url: string, child: ChildProcess, logFile: string): Promise<void> {
	const deadline = Date.now() + startDeadlineSeconds * 1000;
	while (!(await isReady(url))) {
		if (hasEnded(child)) throw new Error(`n8n ended while it started:\n${endOf(logFile)}`);
		if (Date.now() > deadline) {
			throw new Error(`n8n did not answer within ${startDeadlineSeconds} s:\n${endOf(logFile)}`);
		}
		await sleep(100);
	}
}

/** The database is migrated and the REST routes are there (until then n8n answers with a text). */
async function isReady(url: string): Promise<boolean> {
	try {
		const response = await fetch(`${url}/rest/settings`);
		const isJson = response.headers.get('content-type')?.includes('json') ?? false;
		await response.arrayBuffer();
		return response.ok && isJson;
	} catch {
		return false;
	}
}

const hasEnded = (child: ChildProcess): boolean =>
	child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
	if (!hasEnded(child)) {
		const exit = once(child, 'exit');
		child.kill(signal);
		await Promise.race([exit, sleep(stopDeadlineSeconds * 1000, undefined, { ref: false })]);
	}
	endGroup(child);
	child.stdin?.destroy();
}

function endGroup(child: ChildProcess): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, 'SIGKILL');
	} catch (error) {
		const nothingLeft = (error as NodeJS.ErrnoException).code === 'ESRCH';
		if (!nothingLeft) throw error;
	}
}

const endOf = (logFile: string): string =>
	readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
