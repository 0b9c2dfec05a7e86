/** `npm run ways`: runs every way of calling the node, writes the table into docs/runs.md and prints it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const { status } = spawnSync(
	process.execPath,
	[
		join(root, 'node_modules/jest/bin/jest.js'),
		...['--selectProjects', 'e2e', '--testPathPatterns', 'test/e2e/ways.test', '--forceExit'],
	],
	{ cwd: root, stdio: 'inherit', env: { ...process.env, WRITE_WAYS: '1' } },
);
const page = readFileSync(join(root, 'docs/runs.md'), 'utf8');
console.log(page.split(/<!-- (?:table|end of table) -->\n/)[1]);
process.exitCode = status ?? 1;
