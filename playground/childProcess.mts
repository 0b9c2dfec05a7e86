import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const stopDeadlineSeconds = 20;
const pollMilliseconds = 100;

export interface ChildProcessOptions {
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** Standard output and error are added to its end. */
	readonly logFile: string;
	/** What asks the program to end in order; default SIGTERM. */
	readonly stopSignal?: NodeJS.Signals;
}

/** A program of this machine, in a process group of its own. */
export interface RunningProcess {
	readonly pid: number;
	readonly logFile: string;
	/** Waits until `isReady` says so. @throws Error with the end of the log when that takes too long */
	untilReady(isReady: () => Promise<boolean>, deadlineSeconds: number): Promise<void>;
	/** Asks the program to end, and ends what is left of it and its children after 20 seconds. */
	stop(): Promise<void>;
	/** Ends the program as a crash would: at once, without a chance to save anything. */
	kill(): Promise<void>;
}

/** Starts the program; its standard input is a pipe that closes when this process is gone. */
export async function startChildProcess(options: ChildProcessOptions): Promise<RunningProcess> {
	mkdirSync(dirname(options.logFile), { recursive: true });
	const log = openSync(options.logFile, 'a');
	// A process group of its own, so that a Ctrl-C reaches it through us and its children can be ended.
	const child = spawn(options.command, options.args, {
		cwd: options.cwd,
		env: options.env,
		stdio: ['pipe', log, log],
		detached: true,
	});
	closeSync(log);
	await once(child, 'spawn');
	child.stdin?.on('error', () => undefined);

	const running: RunningProcess = {
		pid: child.pid ?? 0,
		logFile: options.logFile,
		untilReady: async (isReady, deadlineSeconds) => {
			const deadline = Date.now() + deadlineSeconds * 1000;
			while (!(await isReady())) {
				const ended = hasEnded(child);
				if (ended || Date.now() > deadline) {
					await running.kill();
					const what = ended ? 'ended while it started' : `did not answer in ${deadlineSeconds} s`;
					throw new Error(`${options.command} ${what}:\n${endOf(options.logFile)}`);
				}
				await sleep(pollMilliseconds);
			}
		},
		stop: async () => await end(child, options.stopSignal ?? 'SIGTERM'),
		kill: async () => await end(child, 'SIGKILL'),
	};
	return running;
}

const hasEnded = (child: ChildProcess): boolean =>
	child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
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
