/** `npm run matrix [-- version ...] [--keep]`: the package on several versions of n8n, and docs/compatibility.md. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startEmulator } from '../../emulator/emulator.mts';
import { installPackage, packPackage } from '../communityPackage.mts';
import { root, workFolder } from '../folders.mts';
import { startN8n } from '../n8n/n8n.mts';
import { endWith, UserFacingError } from '../userFacingError.cjs';
import { checks } from './checks.mts';
import { compatibilityPage, type Row } from './compatibilityPage.mts';
import { installVersion } from './installedVersion.mts';

/** The newest that can be installed, one from half a year before, and the last 1.x. */
const versions = [
	{ n8n: '2.41.1', node: '24' },
	{ n8n: '2.15.1', node: '22' },
	{ n8n: '1.123.81', node: '22' },
];

try {
	const { values, positionals } = parseArgs({
		options: { keep: { type: 'boolean' } },
		allowPositionals: true,
	});
	const chosen = versions.filter(
		({ n8n }) => positionals.length === 0 || positionals.includes(n8n),
	);
	if (chosen.length === 0) {
		throw new UserFacingError(`There are: ${versions.map(({ n8n }) => n8n).join(', ')}`);
	}
	const rows: Row[] = [];
	for (const version of chosen) rows.push(await tryVersion(version, values.keep ?? false));
	if (chosen.length === versions.length) {
		writeFileSync(join(root, 'docs/compatibility.md'), compatibilityPage(rows, checks));
	}
	const outcomes = rows.flatMap(({ results }) => Object.values(results));
	const failed = outcomes.filter((outcome) => outcome !== 'works').length;
	console.log(`\n${outcomes.length - failed} passed, ${failed} failed`);
	process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
	endWith(error);
}

async function tryVersion(
	{ n8n: version, node }: (typeof versions)[number],
	keep: boolean,
): Promise<Row> {
	console.log(`\nn8n ${version}: installing`);
	const installed = await installVersion(version, node);
	const userFolder = join(workFolder, `matrix-${version}`);
	rmSync(userFolder, { recursive: true, force: true });
	await installPackage(await packPackage(), userFolder);
	const emulator = await startEmulator({ timeScale: 10 });
	const results: Row['results'] = {};
	try {
		const started = Date.now();
		const n8n = await startN8n({
			userFolder,
			program: installed.program,
			node: installed.node,
			// Older n8n refuses to start with the name of a module it does not have.
			environment: { N8N_DISABLED_MODULES: 'insights' },
		});
		console.log(
			`n8n ${version} on Node.js ${installed.nodeVersion}: up in ${Date.now() - started} ms`,
		);
		try {
			for (const { name, run } of checks) {
				results[name] = await run({ n8n, emulator }).then(
					() => 'works',
					(error: Error) => error.message,
				);
				console.log(`  ${name}: ${results[name]}`);
			}
		} finally {
			await n8n.stop();
		}
	} finally {
		await emulator.stop();
		rmSync(userFolder, { recursive: true, force: true });
		if (!keep) rmSync(installed.folder, { recursive: true, force: true });
	}
	return { n8n: version, node: installed.nodeVersion, results };
}
