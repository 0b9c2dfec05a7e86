import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import {
	installPackage,
	mostPackedKilobytes,
	packageName,
	packPackage,
} from '../playground/communityPackage.mts';
import { root } from '../playground/folders.mts';
import { spreadLine, spreadOf, type Bench } from './bench.mts';
import { freshUserFolder } from './lab.mts';

const rounds = 11;
/** Of the time that n8n's own HTTP Request node takes to load. */
const mostOfHttpRequest = 0.25;

const n8nModules = join(root, 'playground/node_modules');
const httpRequest = join(n8nModules, 'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js');

/** In a process that has n8n-workflow loaded, as n8n has. */
const timeOfRequire = `
	require('n8n-workflow');
	const start = process.hrtime.bigint();
	for (const file of process.argv.slice(1)) require(file);
	process.stdout.write(String(Number(process.hrtime.bigint() - start) / 1e6));
`;

export const packageSize: Bench = {
	name: 'package',
	title:
		"The published package: its size, and require() of its nodes and credentials beside n8n's HTTP Request node",
	run: async () => {
		const tarball = await packPackage();
		const userFolder = freshUserFolder('package');
		await installPackage(tarball, userFolder);
		const folder = join(userFolder, '.n8n/nodes/node_modules', packageName);
		const own = entryPoints(folder);

		const times = { own: [] as number[], httpRequest: [] as number[] };
		for (let round = -1; round < rounds; round += 1) {
			const [ofOwn, ofHttpRequest] = [requireTime(own), requireTime([httpRequest])];
			if (round < 0) continue; // The first round brings the files into memory.
			times.own.push(ofOwn);
			times.httpRequest.push(ofHttpRequest);
		}
		const [ofOwn, ofHttpRequest] = [spreadOf(times.own), spreadOf(times.httpRequest)];
		const packedKilobytes = statSync(tarball).size / 1024;
		return {
			lines: [
				`tarball ${packedKilobytes.toFixed(0)} KB`,
				spreadLine('require() of this package', ofOwn, 'ms'),
				spreadLine('require() of HTTP Request', ofHttpRequest, 'ms'),
			],
			goals: [
				{
					what: 'kilobytes of the tarball',
					value: Math.ceil(packedKilobytes),
					atMost: mostPackedKilobytes,
					kind: 'count',
				},
				{
					what: 'require() of this package to that of HTTP Request',
					value: ofOwn.median / ofHttpRequest.median,
					atMost: mostOfHttpRequest,
				},
			],
		};
	},
};

/** The files that n8n loads. */
function entryPoints(folder: string): string[] {
	const { n8n } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	return [...n8n.nodes, ...n8n.credentials].map((file) => join(folder, file));
}

function requireTime(files: readonly string[]): number {
	const output = execFileSync(process.execPath, ['-e', timeOfRequire, '--', ...files], {
		cwd: root,
		env: { ...process.env, NODE_PATH: n8nModules },
		encoding: 'utf8',
	});
	return Number(output);
}
