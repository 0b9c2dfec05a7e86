/** `npm run faults`: runs the fault matrix, writes its table into docs/faults.md and prints it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const { status } = spawnSync(
	process.execPath,
	[
		join(root, 'node_modules/jest/bin/jest.js'),
		...['--selectProjects', 'integration', '--testPathPatterns', 'faultMatrix'],
	],
	{ cwd: root, stdio: 'inherit', env: { ...process.env, WRITE_FAULTS: '1' } },
);
const page = readFileSync(join(root, 'docs/faults.md'), 'utf8');
console.log(page.split(/<!-- (?:table|end of table) -->\n/)[1]);
process.exitCode = status ?? 1;
