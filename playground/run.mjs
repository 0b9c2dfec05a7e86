/**
 * `node playground/run.mjs <program> [arguments]`: one of the project's programs, on any Node.js from
 * 20 up and with nothing installed: what the program needs is installed first.
 */
import { runWithNode24 } from './install.mjs';

const withoutN8n = ['unit', 'integration', 'harsh'];

/** Each program with its file, and whether it needs n8n installed. */
const programs = {
	audit: { file: 'playground/audit.mts', n8n: false },
	bench: { file: 'bench/run.mts', n8n: true },
	demo: { file: 'playground/demo.mts', n8n: true },
	emulator: { file: 'emulator/main.mts', n8n: false },
	faults: { file: 'test/integration/faults/run.mts', n8n: false },
	fuzz: { file: 'test/fuzz/run.mts', n8n: false },
	matrix: { file: 'playground/matrix/matrix.mts', n8n: false },
	mutate: { file: 'test/mutations/run.mts', n8n: false },
	polls: { file: 'test/integration/polls/run.mts', n8n: false },
	reproducible: { file: 'playground/reproducible.mts', n8n: false },
	scale: { file: 'bench/model/scale.mts', n8n: false },
	scan: { file: 'playground/scan.mts', n8n: false },
	screenshot: { file: 'playground/screenshot.mts', n8n: true },
	soak: { file: 'bench/soak/soak.mts', n8n: true },
	test: { file: 'playground/test.mts', n8n: (args) => args.length === 0 || !args.every(isQuick) },
	ways: { file: 'test/e2e/ways/run.mts', n8n: true },
	words: { file: 'playground/words.mts', n8n: false },
};

const [name, ...args] = process.argv.slice(2);
const program = Object.hasOwn(programs, name ?? '') ? programs[name] : undefined;
if (program === undefined) {
	console.error(`Usage: node playground/run.mjs <${Object.keys(programs).join('|')}> [arguments]`);
	process.exitCode = 2;
} else {
	const { file, n8n } = program;
	await runWithNode24(file, args, { n8n: typeof n8n === 'function' ? n8n(args) : n8n });
}

/** Whether an argument of `npm test` chooses tests that start no n8n. */
function isQuick(part) {
	return withoutN8n.some((project) => part.includes(project));
}
