import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';

import { root, workFolder } from './folders.mts';
import { UserFacingError } from './userFacingError.cjs';

const run = promisify(execFile);

const packFolder = join(workFolder, 'package');
const stampFile = join(packFolder, 'sources.sha256');

export const packageName = 'n8n-nodes-defender-live-response';

/** What the tarball may weigh; most of it is the bundled sign-in library. */
export const mostPackedKilobytes = 300;

/**
 * The tarball that npm would publish from the sources as they are; built and packed only when they
 * have changed since the last time.
 * @returns its path
 */
export async function packPackage(onBuild: () => void = () => undefined): Promise<string> {
	const stamp = hashOfSources();
	const packed = packedTarball();
	if (packed !== undefined && readStamp() === stamp && existsSync(join(root, 'dist')))
		return packed;

	onBuild();
	rmSync(packFolder, { recursive: true, force: true });
	mkdirSync(packFolder, { recursive: true });
	await npm('run', 'build');
	await npm('pack', '--ignore-scripts', '--pack-destination', packFolder);
	const tarball = packedTarball();
	if (tarball === undefined) throw new Error(`npm pack left no tarball in ${packFolder}`);
	writeFileSync(stampFile, stamp);
	return tarball;
}

/**
 * Puts a tarball where n8n keeps the community packages it has installed, in the same way (n8n's
 * CommunityPackagesService): unpacked, without the dependency lists that n8n drops.
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	const packageFolder = join(nodesFolder, 'node_modules', packageName);
	rmSync(packageFolder, { recursive: true, force: true });
	mkdirSync(packageFolder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', packageFolder, '--strip-components=1']);

	const manifestFile = join(packageFolder, 'package.json');
	const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, unknown>;
	for (const dropped of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[dropped];
	}
	writeJson(manifestFile, manifest);
	writeJson(join(nodesFolder, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [packageName]: manifest.version },
	});
}

async function npm(...args: string[]): Promise<void> {
	const path = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;
	try {
		await run('npm', args, { cwd: root, env: { ...process.env, PATH: path, NODE_ENV: '' } });
	} catch (error) {
		const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
		throw new UserFacingError(
			`npm ${args.join(' ')} did not work:\n${withoutSpinner(stdout + stderr)}`,
		);
	}
}

/** The build tool draws a spinner, which a log shows frame after frame. */
function withoutSpinner(output: string): string {
	return stripVTControlCharacters(output)
		.split('\n')
		.map((line) => line.replace(/([◒◐◓◑]\s+[^◒◐◓◑]*)+/, ''))
		.filter((line) => line.trim() !== '')
		.join('\n');
}

const packedTarball = (): string | undefined => {
	const names = existsSync(packFolder) ? readdirSync(packFolder) : [];
	const name = names.find((entry) => entry.endsWith('.tgz'));
	return name === undefined ? undefined : join(packFolder, name);
};

const readStamp = (): string | undefined =>
	existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined;

/** Over the folders that are compiled and all files beside them: settings, manifest, readme. */
function hashOfSources(): string {
	const hash = createHash('sha256');
	const besideThem = readdirSync(root, { withFileTypes: true });
	const compiled = ['credentials', 'nodes'].flatMap((folder) =>
		readdirSync(join(root, folder), { withFileTypes: true, recursive: true }),
	);
	const files = [...besideThem, ...compiled]
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
	for (const file of files) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
	return hash.digest('hex');
}

const writeJson = (file: string, value: unknown): void =>
	writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
