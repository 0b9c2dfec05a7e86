/** Scripts that people start from: they run, print JSON, and stand in the workflows as they stand in their files. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { scriptText } from '../../nodes/DefenderLiveResponse/descriptions/script';
import { exampleNames, readExample } from '../../playground/examples.mts';
import { readMarkdown, repository } from '../support/markdown.mts';

const scriptFile = (name: string) =>
	readFileSync(path.join(repository, 'examples/scripts', name), 'utf8');

const POWERSHELL_SCRIPTS: Array<[name: string, text: string]> = [
	['triage.ps1', scriptFile('triage.ps1')],
	['ioc-sweep.ps1', scriptFile('ioc-sweep.ps1')],
	['file-version.ps1', scriptFile('file-version.ps1')],
	['the text that Script Text begins with', String(scriptText.powershell.default)],
];

function run(shell: string, args: string[]): string {
	const { status, stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8' });
	expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
	return stdout;
}

const bash = (text: string, ...args: string[]) => run('bash', ['-c', text, 'script', ...args]);

/** Windows has one; elsewhere PowerShell is there where somebody has installed it. */
const powerShell = ['pwsh', 'powershell'].find(
	(shell) => spawnSync(shell, ['-NoProfile', '-Command', 'exit 0']).status === 0,
);

// A skipped test would fail the run. `.ci/run` repeats such lines at its end.
if (powerShell === undefined) {
	process.stderr.write('NOT CHECKED the scripts for PowerShell: it is not installed\n');
}

describe('in bash', () => {
	it.each([
		['triage.sh', scriptFile('triage.sh')],
		['the text that Script Text begins with', String(scriptText.bash.default)],
	])('%s prints JSON about the device', (_name, text) => {
		expect(JSON.parse(bash(text))).toMatchObject({
			computer: expect.stringMatching(/./),
			os: expect.stringMatching(/./),
			users: expect.any(Array),
			processes: expect.arrayContaining([expect.stringMatching(/bash|node|ps/)]),
		});
	});

	it('triage.sh keeps names that hold quotes and backslashes', () => {
		const [listed] = /^listed\(\).*$/m.exec(scriptFile('triage.sh'))!;
		expect(
			JSON.parse(`[${bash(`${listed}\nprintf '%s\\n' 'a"b\\c' $'tab\\there' | listed`)}]`),
		).toEqual(['a"b\\c', 'tabhere']);
	});

	it.each(['docs/operations.md', 'docs/recipes.md'])(
		'the line of %s gives the arguments back, whatever they hold',
		(page) => {
			const [, line, variable] = /^((\w+)=\$\(printf .*base64 --decode\))$/m.exec(
				readMarkdown(page).text,
			)!;
			const text = 'bob -Force; rm -rf / & "äöü" $(x)\nzweite Zeile';
			const encoded = Buffer.from(text).toString('base64');
			expect(bash(`${line}\nprintf '%s' "$${variable}"`, encoded)).toBe(text);
		},
	);
});

describe('in PowerShell', () => {
	it.each(POWERSHELL_SCRIPTS)('%s needs no mark, and prints JSON in one line', (_name, text) => {
		expect(text).toMatch(/^[\n\x20-\x7e]*$/);
		expect(text).toMatch(/\| ConvertTo-Json -Depth 3 -Compress\n$/);
	});

	it('the scripts can be read, and the lines of the docs give the arguments back', () => {
		if (powerShell === undefined) return;
		for (const [, text] of POWERSHELL_SCRIPTS) {
			const code = `[void] [ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(text).toString('base64')}')))`;
			run(powerShell, ['-NoProfile', '-Command', code]);
		}
		const [lines] = /^param\(\[string\] \$Encoded\)\n\$text = .*$/m.exec(
			readMarkdown('docs/operations.md').text,
		)!;
		const encoded = Buffer.from('a; b').toString('base64');
		const code = `& { ${lines}\n[Console]::Write($text) } '${encoded}'`;
		expect(run(powerShell, ['-NoProfile', '-Command', code])).toBe('a; b');
	});
});

describe('the workflows', () => {
	const scripts = readdirSync(path.join(repository, 'examples/scripts'));
	const carried = exampleNames().flatMap((example) =>
		readExample(example)
			.nodes.filter(({ parameters }) => parameters.scriptSource === 'text')
			.map(({ name, parameters }) => [example, name, parameters] as const),
	);

	it.each(carried)('%s carries in "%s" exactly what stands in a file', (_example, _node, found) => {
		const file = scripts.find((name) => scriptFile(name) === found.scriptText);
		expect(file).toMatch(found.scriptType === 'bash' ? /\.sh$/ : /\.ps1$/);
	});

	it('carry every script that stands in a file', () => {
		const texts = carried.map(([, , { scriptText: text }]) => text);
		for (const name of scripts) expect(texts).toContain(scriptFile(name));
	});
});
