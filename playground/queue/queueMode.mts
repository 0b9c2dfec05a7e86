import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.mts';
import { installPackage, packPackage } from '../communityPackage.mts';
import { startN8nProcess, type N8nProcess } from '../n8n/process.mts';
import { N8nSession } from '../n8n/session.mts';
import { freePort, type N8nSettings } from '../n8n/settings.mts';
import { N8nClient } from '../n8n/n8nClient.mts';
import { credentialName, credentialType } from '../packageNodes.mts';
import { queueSettings, workerConcurrency, workerCount } from './queueSettings.mts';
import { serverBinaries, startPostgres, startRedis, type Server } from './servers.mts';

export interface QueueModeOptions {
	/** Emptied first. */
	readonly folder: string;
	readonly emulator?: EmulatorOptions;
	/** Changes to the settings of queue.env. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Told what takes long, when it begins. */
	readonly onProgress?: (doing: string) => void;
}

/** A process of n8n that can be ended and started again. */
export interface Part {
	readonly name: string;
	readonly url: string;
	/** Everything it has printed. */
	logText(): string;
	start(): Promise<void>;
	stop(): Promise<void>;
	/** Ends it as a crash would. */
	kill(): Promise<void>;
}

/** n8n as several processes on one PostgreSQL and one Redis, the package installed in each. */
export interface QueueMode {
	readonly emulator: Emulator;
	/** The editor of the main process. */
	readonly client: N8nClient;
	readonly main: Part;
	/** Takes the production webhooks. */
	readonly webhook: Part;
	readonly workers: readonly Part[];
	readonly redis: Server;
	readonly postgres: Server;
	/** Ends everything that was started. */
	stop(): Promise<void>;
}

export async function startQueueMode(options: QueueModeOptions): Promise<QueueMode> {
	const started: Array<() => Promise<void>> = [];
	const stop = async () => {
		for (const end of started.splice(0).reverse()) await end();
	};
	try {
		return await start(options, started, stop);
	} catch (error) {
		await stop();
		throw error;
	}
}

async function start(
	{
		folder,
		emulator: emulatorOptions,
		environment,
		onProgress = () => undefined,
	}: QueueModeOptions,
	started: Array<() => Promise<void>>,
	stop: () => Promise<void>,
): Promise<QueueMode> {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const tarball = await packPackage(() => onProgress('building the package'));
	const binaries = await serverBinaries(() => onProgress('installing Redis and PostgreSQL'));
	const keep = <T extends { stop(): Promise<void> }>(part: T): T => {
		started.push(async () => await part.stop());
		return part;
	};

	onProgress('starting the Defender emulator, Redis and PostgreSQL');
	const emulator = keep(await startEmulator(emulatorOptions));
	const settings = { ...queueSettings(), ...environment };
	const redis = keep(await startRedis(binaries, join(folder, 'redis')));
	const postgres = keep(
		await startPostgres(binaries, join(folder, 'postgres'), {
			database: settings.DB_POSTGRESDB_DATABASE,
			user: settings.DB_POSTGRESDB_USER,
		}),
	);
	const shared = {
		...settings,
		N8N_ENCRYPTION_KEY: 'queue-mode-on-loopback',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_BULL_REDIS_PASSWORD: redis.password,
	};
	const part = async (name: string, command: N8nSettings['command']) => {
		const userFolder = join(folder, name);
		await installPackage(tarball, userFolder);
		return await startPart(name, { userFolder, command, environment: shared });
	};

	onProgress('starting n8n (main)');
	const main = keep(await part('main', ['start']));
	const client = new N8nClient(await N8nSession.open(main.url));
	await client.saveCredential(credentialType, credentialName, { ...emulator.credential });

	onProgress(`starting n8n (webhook process and ${workerCount} workers)`);
	const worker = ['worker', `--concurrency=${workerConcurrency}`] as const;
	const names = Array.from({ length: workerCount }, (_, index) => `worker-${index + 1}`);
	const others = await Promise.allSettled([
		part('webhook', ['webhook']),
		...names.map(async (name) => await part(name, worker)),
	]);
	const running = others.flatMap((outcome) =>
		outcome.status === 'fulfilled' ? [keep(outcome.value)] : [],
	);
	const failed = others.find((outcome) => outcome.status === 'rejected');
	if (failed !== undefined) throw failed.reason;
	const [webhook, ...workers] = running;
	return { emulator, client, main, webhook, workers, redis, postgres, stop };
}

async function startPart(
	name: string,
	options: Pick<N8nSettings, 'userFolder' | 'command' | 'environment'>,
): Promise<Part> {
	const port = await freePort();
	const settings: N8nSettings = {
		...options,
		port,
		brokerPort: await freePort(),
		logLevel: 'info',
		environment: {
			...options.environment,
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		},
	};
	let current: N8nProcess = await startN8nProcess(settings);
	return {
		name,
		url: current.url,
		logText: () => readFileSync(current.logFile, 'utf8'),
		start: async () => {
			current = await startN8nProcess(settings);
		},
		stop: async () => await current.stop(),
		kill: async () => await current.kill(),
	};
}
