/** What has to be true of the repository before a version of it is published. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const files = (...patterns: string[]) =>
	patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();

const manifest = JSON.parse(read('package.json')) as {
	name: string;
	version: string;
	homepage: string;
	repository: { url: string };
	bugs: { url: string };
};
const project = manifest.homepage.replace(/#.*$/, '');

it('package.json names one repository', () => {
	expect(manifest.repository.url).toBe(`git+${project}.git`);
	expect(manifest.bugs.url).toBe(`${project}/issues`);
});

it.each(['README.md', 'docs/zh-TW/README.md'])('%s names the version it is about', (page) => {
	expect(read(page)).toMatch(
		new RegExp(`(?:Version|版本) ${manifest.version.replaceAll('.', '\\.')}\\b`),
	);
});

it('every link to this project leads to the repository that package.json names', () => {
	const pages = files(
		'*.md',
		'docs/**/*.md',
		'examples/**/*.{md,json}',
		'.github/**/*.{md,yml}',
		'{nodes,credentials}/**/*.{ts,json}',
	);
	const links = pages.flatMap((page) =>
		[...read(page).matchAll(new RegExp(`https://github\\.com/[\\w.-]+/${manifest.name}`, 'g'))].map(
			([link]) => `${page}: ${link}`,
		),
	);

	expect(links.length).toBeGreaterThan(10);
	expect(links.filter((link) => !link.endsWith(`: ${project}`))).toEqual([]);
});

it('a workflow names each action by its commit, so that nobody can change what runs', () => {
	const used = files('.github/workflows/*.yml').flatMap((workflow) =>
		[...read(workflow).matchAll(/uses: (.+)/g)].map(([, action]) => action),
	);

	expect(used.length).toBeGreaterThan(4);
	expect(used.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v[\d.]+$/.test(action))).toEqual([]);
});
