import { readFileSync } from 'node:fs';

import { startN8nProcess, type N8nProcess } from './process.mts';
import { N8nSession } from './session.mts';
import { freePort, type N8nSettings } from './settings.mts';
import { N8nClient } from './n8nClient.mts';

export interface N8n {
	readonly url: string;
	/** Of n8n's main process, which runs the nodes. */
	readonly pid: number;
	readonly userFolder: string;
	/** Credentials, workflows and executions of the running n8n. */
	readonly client: N8nClient;
	/** Everything n8n and its task runner have printed. */
	logText(): string;
	/** Stops n8n and starts it again on the same port and data. */
	restart(): Promise<void>;
	/** Starts n8n again after `kill`. */
	start(): Promise<void>;
	/** Ends n8n as a crash would. */
	kill(): Promise<void>;
	stop(): Promise<void>;
}

export type N8nOptions = Pick<N8nSettings, 'userFolder'> &
	Partial<Pick<N8nSettings, 'port' | 'logLevel' | 'preload' | 'program' | 'node' | 'environment'>>;

/** Starts n8n on a free port (unless one is given) with the owner account set up. */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	const settings: N8nSettings = {
		...options,
		port: options.port ?? (await freePort()),
		brokerPort: await freePort(),
		logLevel: options.logLevel ?? 'info',
		preload: options.preload ?? [],
	};
	const first = await open(settings);
	let current = first;
	const start = async () => {
		current = await open(settings);
	};
	return {
		url: first.process.url,
		get pid() {
			return current.process.pid;
		},
		userFolder: settings.userFolder,
		get client() {
			return current.client;
		},
		logText: () => readFileSync(current.process.logFile, 'utf8'),
		start,
		restart: async () => {
			await current.process.stop();
			await start();
		},
		kill: async () => await current.process.kill(),
		stop: async () => await current.process.stop(),
	};
}

async function open(settings: N8nSettings): Promise<{ process: N8nProcess; client: N8nClient }> {
	const process = await startN8nProcess(settings);
	try {
		return { process, client: new N8nClient(await N8nSession.open(process.url)) };
	} catch (error) {
		await process.stop();
		throw error;
	}
}
