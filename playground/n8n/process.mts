import { join } from 'node:path';

import { http } from '../../test/support/http.mts';
import { startChildProcess, type RunningProcess } from '../childProcess.mts';
import { n8nEnvironment, type N8nSettings } from './settings.mts';

const installedN8n = join(import.meta.dirname, '../node_modules/n8n/bin/n8n');
const stopWithParent = join(import.meta.dirname, 'stopWithParent.mjs');

const startDeadlineSeconds = 240;

/** One process of n8n; `logFile` has its standard output and error since the user folder was made. */
export interface N8nProcess extends Pick<RunningProcess, 'pid' | 'logFile' | 'stop' | 'kill'> {
	readonly url: string;
}

/** Starts n8n and waits until it answers. @throws Error with the end of n8n's log when it ends first */
export async function startN8nProcess(settings: N8nSettings): Promise<N8nProcess> {
	const [command, ...args] = settings.command ?? ['start'];
	const imports = [stopWithParent, ...(settings.preload ?? [])].flatMap((module) => [
		'--import',
		module,
	]);
	const running = await startChildProcess({
		command: settings.node ?? process.execPath,
		args: [...imports, settings.program ?? installedN8n, command, ...args],
		cwd: settings.userFolder,
		env: { ...inheritedEnvironment(), ...n8nEnvironment(settings) },
		logFile: join(settings.userFolder, 'n8n.log'),
	});
	const url = `http://127.0.0.1:${settings.port}`;
	const isReady = command === 'start' ? servesTheEditor : isHealthy;
	await running.untilReady(async () => await isReady(url), startDeadlineSeconds);
	return {
		url,
		pid: running.pid,
		logFile: running.logFile,
		stop: running.stop,
		kill: running.kill,
	};
}

/** Settings of an n8n on this machine, or of npm, must not change what is tested. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) =>
				!/^(N8N_|DB_|QUEUE_|EXECUTIONS_|OFFLOAD_|npm_|JEST_|NODE_ENV$|NODE_OPTIONS$)/.test(name),
		),
	);
}

/** The database is migrated and the REST routes are there (until then n8n answers with a text). */
async function servesTheEditor(url: string): Promise<boolean> {
	try {
		const { headers } = await http.get(`${url}/rest/settings`);
		return String(headers['content-type']).includes('json');
	} catch {
		return false;
	}
}

/** Workers and webhook processes have no editor. */
async function isHealthy(url: string): Promise<boolean> {
	try {
		await http.get(`${url}/healthz/readiness`);
		return true;
	} catch {
		return false;
	}
}
