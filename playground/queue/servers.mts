/** Redis and PostgreSQL on ports and folders of their own, ended with the program that started them. */
import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { freePort } from '../n8n/settings.mts';
import { UserFacingError } from '../userFacingError.cjs';
import { startChildProcess, type RunningProcess } from '../childProcess.mts';

const run = promisify(execFile);

const startDeadlineSeconds = 60;
const postgresVersions = '/usr/lib/postgresql';

export interface Server {
	readonly port: number;
	readonly password: string;
	/** Stops the server in order and starts it again, after a while, on the same port and data. */
	restart(downSeconds: number): Promise<void>;
	stop(): Promise<void>;
}

interface Binaries {
	readonly redis: string;
	/** The folder of `postgres` and its tools. */
	readonly postgres: string;
}

/** Debian's packages, installed when they are missing and this is root. */
export async function serverBinaries(onInstall: () => void): Promise<Binaries> {
	const found = findBinaries();
	if (found !== undefined) return found;
	const packages = ['redis-server', 'postgresql'];
	const advice = `Queue mode needs Redis and PostgreSQL: apt-get install ${packages.join(' ')}`;
	if (process.getuid?.() !== 0) throw new UserFacingError(advice);
	onInstall();
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	try {
		await run('apt-get', ['update'], { env });
		await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
	} catch {
		throw new UserFacingError(advice);
	}
	const installed = findBinaries();
	if (installed === undefined) throw new UserFacingError(advice);
	return installed;
}

function findBinaries(): Binaries | undefined {
	const redis = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync);
	const versions = existsSync(postgresVersions) ? readdirSync(postgresVersions) : [];
	const postgres = versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(postgresVersions, version, 'bin'))
		.find((folder) => existsSync(join(folder, 'postgres')));
	return redis === undefined || postgres === undefined ? undefined : { redis, postgres };
}

/** Redis that keeps its queue on disk, so that a restart loses no job. */
export async function startRedis(binaries: Binaries, folder: string): Promise<Server> {
	mkdirSync(folder, { recursive: true });
	const port = await freePort();
	const password = 'queue';
	const settings = {
		port,
		bind: '127.0.0.1',
		dir: folder,
		requirepass: password,
		appendonly: 'yes',
		save: '',
		daemonize: 'no',
	};
	const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
	return await restartable(port, password, async () => {
		const running = await startChildProcess({
			...endedWithUs('TERM', binaries.redis, args),
			cwd: folder,
			env: process.env,
			logFile: join(folder, 'redis.log'),
		});
		const cli = join(binaries.redis, '..', 'redis-cli');
		const ping = ['-p', String(port), '-a', password, '--no-auth-warning', 'ping'];
		await running.untilReady(
			async () => (await outputOf(cli, ping)).trim() === 'PONG',
			startDeadlineSeconds,
		);
		return running;
	});
}

/** PostgreSQL with the database and user that the settings name. */
export async function startPostgres(
	binaries: Binaries,
	folder: string,
	settings: { database: string; user: string },
): Promise<Server> {
	const tool = (name: string) => join(binaries.postgres, name);
	const data = join(folder, 'data');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const user = await unprivilegedUser();
	if (user !== undefined) chownSync(folder, user.uid, user.gid);

	const port = await freePort();
	const initdb = ['-D', data, '-U', settings.user, '-A', 'trust', '-E', 'UTF8', '--no-sync'];
	const init = asUser(user, tool('initdb'), [...initdb, '--locale', 'C.UTF-8']);
	await run(init.command, init.args, { cwd: folder });

	const options = {
		port,
		listen_addresses: '127.0.0.1',
		unix_socket_directories: folder,
		max_connections: 100,
		fsync: 'off',
	};
	const args = ['-D', data, ...Object.entries(options).flatMap(([k, v]) => ['-c', `${k}=${v}`])];
	const server = await restartable(port, '', async () => {
		const running = await startChildProcess({
			...endedWithUs('INT', tool('postgres'), args, user),
			cwd: folder,
			env: process.env,
			logFile: join(folder, 'postgres.log'),
			stopSignal: 'SIGINT',
		});
		const ready = ['-h', '127.0.0.1', '-p', String(port)];
		await running.untilReady(
			async () => (await outputOf(tool('pg_isready'), ready)).includes('accepting'),
			startDeadlineSeconds,
		);
		return running;
	});
	try {
		const where = ['-h', '127.0.0.1', '-p', String(port), '-U', settings.user];
		await run(tool('createdb'), [...where, settings.database], { cwd: folder });
		return server;
	} catch (error) {
		await server.stop();
		throw error;
	}
}

async function restartable(
	port: number,
	password: string,
	start: () => Promise<RunningProcess>,
): Promise<Server> {
	let running = await start();
	return {
		port,
		password,
		restart: async (downSeconds) => {
			await running.stop();
			await sleep(downSeconds * 1000);
			running = await start();
		},
		stop: async () => await running.stop(),
	};
}

interface User {
	readonly name: string;
	readonly uid: number;
	readonly gid: number;
}

/** PostgreSQL refuses to run as root: its Debian package brings a user for it. */
async function unprivilegedUser(): Promise<User | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
	return { name: 'postgres', uid: await id('-u'), gid: await id('-g') };
}

const asUser = (user: User | undefined, command: string, args: string[]) =>
	user === undefined
		? { command, args }
		: { command: 'setpriv', args: [...privilegesOf(user), command, ...args] };

const privilegesOf = ({ name }: User): string[] => [
	`--reuid=${name}`,
	`--regid=${name}`,
	'--clear-groups',
];

/** The kernel ends the server when this process is gone, however it went. */
const endedWithUs = (signal: string, command: string, args: string[], user?: User) => ({
	command: 'setpriv',
	args: [`--pdeathsig=${signal}`, ...(user ? privilegesOf(user) : []), command, ...args],
});

async function outputOf(command: string, args: string[]): Promise<string> {
	try {
		return (await run(command, args)).stdout;
	} catch (error) {
		return String((error as { stdout?: string }).stdout ?? '');
	}
}
