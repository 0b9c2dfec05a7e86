/** The commands that the pages show for an installation by hand, as a user types them. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { contosoActions } from '../../emulator/emulator.mts';
import { packageName, packPackage } from '../../playground/communityPackage.mts';
import { startN8n, type N8n } from '../../playground/n8n/n8n.mts';
import { readMarkdown } from '../support/markdown.mts';
import { nodeName, openTestBed, type TestBed } from './testBed.mts';

const run = promisify(execFile);
const minutes = 60_000;

const npmInstall = /^npm install .*n8n-nodes-/;

/** The sample that installs the package, line by line. */
function commandsOf(page: string): string[] {
	const samples = readMarkdown(page).samples.map(({ content }) => content.trim().split('\n'));
	const found = samples.filter((lines) => lines.some((line) => npmInstall.test(line)));
	expect(found).toHaveLength(1);
	return found[0];
}

/** Types the commands into a shell of a user whose home folder this is; the package is not yet published. */
async function type(commands: string[], home: string): Promise<void> {
	const tarball = await packPackage();
	const typed = commands.map((line) =>
		npmInstall.test(line) ? line.replace(packageName, `'${tarball}'`) : line,
	);
	const env = { HOME: home, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
	await run('sh', ['-e', '-c', typed.join('\n')], { cwd: home, env, timeout: minutes });
}

const packagesIn = (folder: string): string[] =>
	readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));

describe('an installation by hand', () => {
	let home: string;
	let n8n: N8n | undefined;
	let testBed: TestBed | undefined;

	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), 'installed-by-hand-'));
	});

	afterEach(async () => {
		await testBed?.stop();
		await n8n?.stop();
		rmSync(home, { recursive: true, force: true });
	}, minutes);

	it(
		'as README.md shows it brings a node that works, and no second n8n-workflow',
		async () => {
			const inTheContainer = commandsOf('README.md').filter((line) => !/^docker /.test(line));
			await type(inTheContainer, home);
			expect(packagesIn(join(home, '.n8n/nodes'))).toEqual([packageName]);

			n8n = await startN8n({ userFolder: home });
			testBed = await openTestBed({ client: n8n.client });
			const { exitCodeOne, putFile } = contosoActions;
			const result = await testBed.run({ items: [{ machineActionId: exitCodeOne }] });
			expect(result.json(nodeName)).toEqual([expect.objectContaining({ exit_code: 1 })]);
			const refused = await testBed.run({ items: [{ machineActionId: putFile }] });
			expect(refused.errorMessage).toBe('Command 0 is a PutFile, which leaves no result');
		},
		5 * minutes,
	);

	it(
		'as docs/queue-mode.md shows it gives the folder that all n8n processes read',
		async () => {
			mkdirSync(join(home, 'nodes'));
			const install = commandsOf('docs/queue-mode.md').filter((line) => npmInstall.test(line));
			await type(install, home);
			expect(packagesIn(join(home, 'nodes'))).toEqual([packageName]);
		},
		minutes,
	);
});
