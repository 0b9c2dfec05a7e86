/** `npm run bench [-- name ...]`: each comparison in one run on this machine, with its ratio. */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { root } from '../playground/folders.mts';
import { endWith, Obstacle } from '../playground/obstacle.mts';
import type { Bench } from './bench.mts';
import { httpRequestChain } from './httpRequestChain.mts';

const benches: readonly Bench[] = [httpRequestChain];

try {
	process.exitCode = (await runBenches(chosen(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
	endWith(error);
}

function chosen(names: string[]): readonly Bench[] {
	if (names.length === 0) return benches;
	const there = benches.map(({ name }) => name);
	const unknown = names.filter((name) => !there.includes(name));
	if (unknown.length === 0) return benches.filter(({ name }) => names.includes(name));
	throw new Obstacle(`No such bench: ${unknown.join(', ')}. There are: ${there.join(', ')}`);
}

/** @returns whether every goal was met */
async function runBenches(list: readonly Bench[]): Promise<boolean> {
	console.log(machine());
	let allMet = true;
	for (const bench of list) {
		console.log(`\n${bench.title}`);
		const { lines, ratio, goal } = await bench.run();
		for (const line of lines) console.log(line);
		const met = ratio <= goal;
		console.log(
			`  ratio ${ratio.toFixed(2)}, goal at most ${goal.toFixed(2)}: ${met ? 'met' : 'MISSED'}`,
		);
		allMet &&= met;
	}
	return allMet;
}

function machine(): string {
	const processors = cpus();
	const memory = (totalmem() / 2 ** 30).toFixed(0);
	const [packageVersion, n8nVersion] = [root, join(root, 'playground/node_modules/n8n')].map(
		(folder) =>
			(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string })
				.version,
	);
	return [
		`${processors.length} x ${processors[0].model.trim()}, ${memory} GiB, ${process.platform} ${release()}`,
		`Node.js ${process.versions.node}, n8n ${n8nVersion}, this package ${packageVersion}, ${new Date().toISOString().slice(0, 10)}`,
	].join('\n');
}
