/** Starts the emulator with the Node that the project brings, whatever Node runs this. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const node = path('../node_modules/node/bin/node');

if (!existsSync(node) || !existsSync(path('../node_modules/azurite/package.json'))) {
	console.error(
		'The emulator needs the development dependencies. Run "npm ci" in the project first.',
	);
	process.exit(1);
}

const child = spawn(node, [path('./main.mts'), ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches the emulator too: this only waits for it to end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
