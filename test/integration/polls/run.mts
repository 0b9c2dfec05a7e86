/** `npm run polls`: 400 polls of every interval under both profiles; writes the table in docs/operations.md. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const { status } = spawnSync(
	process.execPath,
	[
		join(root, 'node_modules/jest/bin/jest.js'),
		...['--selectProjects', 'integration', 'harsh', '--testPathPatterns', 'polls', '-i'],
	],
	{ cwd: root, stdio: 'inherit', env: { ...process.env, WRITE_POLLS: '1' } },
);
process.exitCode = status ?? 1;
