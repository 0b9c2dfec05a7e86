/**
 * `npm run reproducible`: builds and packs the sources in two folders of different depth, and
 * compares the tarballs. The same sources and lockfile give the same bytes, wherever they are built.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	cpSync,
	globSync,
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { root, workFolder } from './folders.mts';

const SOURCES = ['nodes', 'credentials', ...filesOfRoot()];
const place = join(workFolder, 'reproducible');
const folders = [join(place, 'one'), join(place, 'another/and/deeper')];

rmSync(place, { recursive: true, force: true });
try {
	const [one, other] = folders.map(buildIn);
	for (const { name, tarball } of [one, other]) console.log(`  ${tarball}  ${name}`);
	const differing = Object.keys({ ...one.files, ...other.files }).filter(
		(path) => one.files[path] !== other.files[path],
	);
	for (const path of differing) console.log(`  differs: ${path}`);
	const same = one.tarball === other.tarball && differing.length === 0;
	console.log(`${same ? 'ok' : 'not ok'}  two builds in two folders are the same bytes`);
	console.log(`reproducible: ${same ? 1 : 0} passed, ${same ? 0 : 1} failed`);
	process.exitCode = same ? 0 : 1;
} finally {
	rmSync(place, { recursive: true, force: true });
}

/** Settings, manifests and texts; what is not in the package does no harm. */
function filesOfRoot(): string[] {
	return readdirSync(root, { withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name !== '.git')
		.map((entry) => entry.name);
}

function buildIn(folder: string) {
	mkdirSync(folder, { recursive: true });
	for (const source of SOURCES)
		cpSync(join(root, source), join(folder, source), { recursive: true });
	linkTree(join(root, 'node_modules'), join(folder, 'node_modules'));
	run('npm', ['run', 'build'], folder);
	run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], folder);
	const [tarball] = globSync('*.tgz', { cwd: folder });
	const files = globSync('dist/**/*', { cwd: folder }).filter((path) =>
		statSync(join(folder, path)).isFile(),
	);
	return {
		name: tarball,
		tarball: hashOf(join(folder, tarball)),
		files: Object.fromEntries(files.map((path) => [path, hashOf(join(folder, path))])),
	};
}

/** Hard links rather than a symbolic one: the build must see the tools inside its own folder. */
function linkTree(from: string, to: string): void {
	mkdirSync(to, { recursive: true });
	for (const entry of readdirSync(from, { withFileTypes: true })) {
		const [source, target] = [join(from, entry.name), join(to, entry.name)];
		if (entry.isDirectory()) linkTree(source, target);
		else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
		else linkSync(source, target);
	}
}

function hashOf(file: string): string {
	return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function run(command: string, args: string[], cwd: string): void {
	const env = {
		...process.env,
		PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
		NODE_ENV: '',
	};
	const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} stopped:\n${stdout}${stderr}`);
}
