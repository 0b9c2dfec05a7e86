import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { workFolder } from '../folders.mts';

const run = promisify(execFile);

/** An n8n with the Node.js it asks for. */
export interface InstalledVersion {
	readonly folder: string;
	/** n8n's program, and the Node.js that runs it. */
	readonly program: string;
	readonly node: string;
	readonly nodeVersion: string;
}

const mostOutput = 64 * 1024 * 1024;

/**
 * n8n of before 2.41 takes its spreadsheet library from a host that is not the npm registry: this is
 * the registry's copy of it. And with npm its AI libraries get a newer part that needs a newer core.
 */
const overrides = { xlsx: 'npm:@e965/xlsx@0.20.3', '@langchain/core': '1.2.18' };

/** npm would put the oldest that anything asks for where n8n's error reporting looks for the newest. */
const besides = ['@opentelemetry/core@^2.6.0'];

/** Installs n8n, about two gigabytes, from the npm registry alone; nothing when it is there. */
export async function installVersion(n8n: string, node: string): Promise<InstalledVersion> {
	const folder = join(workFolder, 'matrix', n8n);
	const nodeFolder = join(folder, 'node_modules/node');
	const nodeProgram = join(nodeFolder, 'bin/node');
	const driver = join(folder, 'node_modules/sqlite3/build/Release/node_sqlite3.node');
	if (!existsSync(driver)) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
		const settings = ['ignore-scripts=true', 'audit=false', 'fund=false'];
		writeFileSync(join(folder, '.npmrc'), `${settings.join('\n')}\n`);
		await npm(folder, ['install', '--no-progress', `n8n@${n8n}`, `node@${node}`, ...besides]);
		await npm(folder, ['rebuild', 'node', '--ignore-scripts=false']);
		await npm(folder, ['rebuild', 'sqlite3', '--ignore-scripts=false'], {
			npm_config_nodedir: headersOf(nodeFolder),
			PATH: `${dirname(nodeProgram)}:${process.env.PATH ?? ''}`,
		});
	}
	const manifest = readFileSync(join(nodeFolder, 'package.json'), 'utf8');
	return {
		folder,
		program: join(folder, 'node_modules/n8n/bin/n8n'),
		node: nodeProgram,
		nodeVersion: (JSON.parse(manifest) as { version: string }).version,
	};
}

/** So that a native module is built without a download. */
function headersOf(nodeFolder: string): string {
	const modules = join(nodeFolder, 'node_modules');
	const folders = readdirSync(modules).map((name) => join(modules, name));
	return folders.find((folder) => existsSync(join(folder, 'include/node/node.h'))) ?? '';
}

async function npm(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
	await run('npm', args, { cwd, env: { ...process.env, ...env }, maxBuffer: mostOutput });
}
