/** Makes one program of the fuzzing and the code under test, and runs it. Needs Node.js 20 and no build. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
try {
	const outfile = path.join(folder, 'fuzz.mjs');
	buildSync({
		absWorkingDir: root,
		entryPoints: ['test/fuzz/fuzz.mts'],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node20',
		logLevel: 'warning',
	});
	const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], {
		cwd: root,
		stdio: 'inherit',
	});
	process.exitCode = status ?? 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
