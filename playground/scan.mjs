// `npm run scan` on any Node from 20: hands over to scan.mts under the Node 24 of node_modules.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const node = `${root}node_modules/node/bin/node${windows ? '.exe' : ''}`;

if (!existsSync(node)) {
	console.error('Node 24 is missing: run npm install and npm rebuild node --ignore-scripts=false');
	process.exit(1);
}
const { status, error } = spawnSync(
	node,
	['--disable-warning=ExperimentalWarning', 'playground/scan.mts', ...process.argv.slice(2)],
	{ cwd: root, stdio: 'inherit' },
);
if (error) console.error(error.message);
process.exit(status ?? 1);
