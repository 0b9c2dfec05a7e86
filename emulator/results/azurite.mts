import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Azurite {
	/** `http://127.0.0.1:<port>` */
	url: string;
	stop: () => Promise<void>;
}

const load = createRequire(import.meta.url);

/** Starts Azurite's blob service on a free loopback port; results are in memory or in a folder that `stop` removes. */
export async function startAzurite(storage: 'memory' | 'disk'): Promise<Azurite> {
	const root = dirname(load.resolve('azurite/package.json'));
	const folder =
		storage === 'disk' ? await mkdtemp(join(tmpdir(), 'defender-emulator-')) : undefined;
	const child = spawn(
		process.execPath,
		[
			...['--import', new URL('./exitWithParent.mjs', import.meta.url).href],
			join(root, 'dist/src/blob/main.js'),
			...['--blobHost', '127.0.0.1', '--blobPort', '0', '--blobKeepAliveTimeout', '60'],
			...['--skipApiVersionCheck', '--disableTelemetry', '--silent'],
			...(folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder]),
		],
		{ cwd: folder ?? tmpdir(), stdio: ['pipe', 'pipe', 'pipe'] },
	);
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const stop = async () => {
		child.kill('SIGKILL');
		await exited;
		if (folder !== undefined) await rm(folder, { recursive: true, force: true });
	};
	try {
		return { url: await listeningUrl(child), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

async function listeningUrl(child: ReturnType<typeof spawn>): Promise<string> {
	let output = '';
	return await new Promise((resolve, reject) => {
		const collect = (chunk: Buffer) => {
			output += chunk.toString('utf8');
			const match = /successfully listens on (http:\/\/\S+)/.exec(output);
			if (match !== null) resolve(match[1]);
		};
		child.stdout?.on('data', collect);
		child.stderr?.on('data', collect);
		child.once('error', reject);
		child.once('exit', () => reject(new Error(`Azurite did not start: ${output.trim()}`)));
	});
}
