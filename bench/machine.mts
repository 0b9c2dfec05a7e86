import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { root } from '../playground/folders.mts';

/** What the numbers were measured on: two lines. */
export function machine(): string {
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
