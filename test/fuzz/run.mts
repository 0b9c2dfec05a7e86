/** `npm run fuzz`: makes one program of the fuzzing and the code under test, and runs it. Needs no build. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
try {
	const outfile = join(folder, 'fuzz.mjs');
	buildSync({
		absWorkingDir: root,
		entryPoints: ['test/fuzz/fuzz.mts'],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node24',
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
