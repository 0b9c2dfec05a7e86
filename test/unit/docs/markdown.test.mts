/** Whatever a page points to is there: files, headings, pictures, scripts, fields. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { DefenderLiveResponseApi } from '../../../credentials/DefenderLiveResponseApi.credentials';
import { DefenderLiveResponse } from '../../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { DefenderLiveResponseTrigger } from '../../../nodes/DefenderLiveResponse/DefenderLiveResponseTrigger.node';
import {
	markdownFiles,
	readMarkdown,
	repository,
	type Link,
	type MarkdownFile,
} from '../../support/markdown.mts';

const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
	homepage: string;
	scripts: Record<string, string>;
};
const pages = new Map(markdownFiles().map((file) => [file, readMarkdown(file)]));
const named = [...pages];

/** Links into our own repository are as good as relative ones. */
const OWN = manifest.homepage.replace(/#.*$/, '');

function insideRepository(page: MarkdownFile, link: Link): { file: string; anchor: string } | null {
	const own = new RegExp(`^${OWN}(?:/blob/main/([^#]*))?(?:#(.*))?$`).exec(link.target);
	if (own) return { file: own[1] ?? 'README.md', anchor: (own[2] ?? '').replace(/^readme$/, '') };
	if (/^[a-z]+:/i.test(link.target)) return null;
	const [target, anchor = ''] = decodeURI(link.target).split('#');
	const file =
		target === '' ? page.file : path.normalize(path.join(path.dirname(page.file), target));
	return { file, anchor };
}

it('looks at every page', () => {
	expect(named.map(([file]) => file)).toEqual(
		expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/operations.md']),
	);
});

it.each(named)('%s: links lead to files and headings that exist', (_, page) => {
	const broken = page.links.filter((link) => {
		const target = insideRepository(page, link);
		if (target === null) return false;
		if (!existsSync(path.join(repository, target.file))) return true;
		const headings = pages.get(target.file)?.headings ?? [];
		return target.anchor !== '' && !headings.some(({ anchor }) => anchor === target.anchor);
	});
	expect(broken).toEqual([]);
});

it('README.md is read in five minutes: 900 words at most, without code and targets of links', () => {
	const prose = pages
		.get('README.md')!
		.text.replace(/^```.*?^```/gms, '')
		.replace(/<[^>]*>|\]\([^)]*\)/g, ' ');
	expect(prose.match(/[\p{L}\p{N}][^\s|]*/gu)!.length).toBeLessThanOrEqual(900);
});

it.each(named)('%s: no section is there twice', (_, { headings }) => {
	const sections = headings.filter(({ level }) => level === 2).map(({ text }) => text);
	expect(sections).toEqual([...new Set(sections)]);
});

it.each(named)('%s: links to elsewhere are https, and name a host', (_, page) => {
	const odd = page.links.filter(
		({ target }) =>
			/^[a-z]+:/i.test(target) &&
			!target.startsWith('mailto:') &&
			!(URL.canParse(target) && new URL(target).protocol === 'https:'),
	);
	expect(odd).toEqual([]);
});

it.each(named)('%s: JSON samples are JSON', (_, page) => {
	const broken = page.samples.filter(
		({ language, content }) => language === 'json' && !isJson(content),
	);
	expect(broken).toEqual([]);
});

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

const workflows = globSync('.github/**/*.yml', { cwd: repository }).map(
	(file): [string, { text: string }] => [
		file,
		{ text: readFileSync(path.join(repository, file), 'utf8') },
	],
);

it.each([...named, ...workflows])('%s: scripts it names exist', (_, { text }) => {
	const scripts = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(test)\b)/g)].map(
		([, script, test]) => script ?? test,
	);
	expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
});

/** Every field with its name in n8n and in workflows: "Max Wait (Minutes)" and "maxWaitMinutes". */
function fieldNames(ofNode: INodeProperties[]): Array<[string, string]> {
	return ofNode.flatMap((property): Array<[string, string]> => [
		[property.displayName, property.name],
		...(property.modes ?? []).map(({ displayName, name }): [string, string] => [displayName, name]),
		...(property.options ?? []).flatMap((option): Array<[string, string]> => {
			if ('value' in option) return [[option.name, String(option.value)]];
			return 'values' in option ? fieldNames(option.values) : fieldNames([option]);
		}),
	]);
}

const properties = [DefenderLiveResponse, DefenderLiveResponseTrigger].flatMap(
	(node) => new node().description.properties,
);
const nodeFields = fieldNames(properties);
const asPair = ([displayName, name]: readonly [string, string]) => `**${displayName}** \`${name}\``;
const pairs = new Set(nodeFields.map(asPair));

it('docs/operations.md: every field it names with its internal name exists', () => {
	const { text } = pages.get('docs/operations.md')!;
	const shown = [...text.matchAll(/\*\*[^*\n]+\*\* `[^`\n]+`/g)].map(([pair]) => pair);
	expect(shown.length).toBeGreaterThan(60);
	expect(shown.filter((pair) => !pairs.has(pair))).toEqual([]);
});

it('docs/operations.md: names every field of every operation, and every filter and option', () => {
	const { text } = pages.get('docs/operations.md')!;
	const ofFields = (ofOne: INodeProperties[]): INodeProperties[] =>
		ofOne.flatMap((property) => [
			property,
			...(property.options ?? []).flatMap((option) =>
				'values' in option ? ofFields(option.values) : 'type' in option ? ofFields([option]) : [],
			),
		]);
	const fields = ofFields(properties).filter(
		({ name }) => !['resource', 'operation', 'options'].includes(name),
	);
	const missing = fields
		.map(({ displayName, name }) => asPair([displayName, name]))
		.filter((pair) => !text.includes(pair));
	expect([...new Set(missing)]).toEqual([]);
});

/** As the page writes a value: on, off, 3,072, `fail`; nothing for an empty text. */
function written(value: unknown): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (typeof value === 'number') return value.toLocaleString('en');
	return value === '' ? '' : `\`${String(value)}\``;
}

it('docs/operations.md: options have the defaults it says', () => {
	const [, ...rows] = pages
		.get('docs/operations.md')!
		.tables.find(({ rows: [head] }) => head[0] === 'Option' && head[1] === 'Default')!.rows;
	const options = properties
		.filter(({ name }) => name === 'options')
		.flatMap((collection) => collection.options ?? [])
		.filter((option): option is INodeProperties => 'default' in option);
	for (const [cell, preset] of rows) {
		const name = /`(\w+)`$/.exec(cell)![1];
		if (name === 'batching') continue;
		const presets = options
			.filter((option) => option.name === name)
			.map((option) => option.default as number)
			.sort((x, y) => x - y)
			.map(written);
		expect({ name, preset }).toEqual({ name, preset: [...new Set(presets)].join(' or ') });
	}
});

it('docs/operations.md: names every operation by its values', () => {
	const { text } = pages.get('docs/operations.md')!;
	const written = [...text.matchAll(/^`(\w+)` \/ `(\w+)`/gm)].map(([, ...pair]) => pair.join(' '));
	const offered = new DefenderLiveResponse().description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			options.map(
				(option) =>
					`${displayOptions?.show?.resource?.[0]} ${'value' in option ? option.value : ''}`,
			),
		);
	// The tool of an agent has a shorter list of its own.
	expect(written.sort()).toEqual([...new Set(offered)].sort());
});

it('docs/credentials.md: its tables of fields name fields the credential has, and all of them', () => {
	const written = pages
		.get('docs/credentials.md')!
		.tables.filter(({ rows }) => rows[0][0] === 'Field')
		.flatMap(({ rows }) => rows.slice(1).map(([cell]) => cell.replaceAll('**', '')));
	const shown = new DefenderLiveResponseApi().properties.filter(
		({ type }) => type !== 'hidden' && type !== 'notice',
	);
	expect(written.sort()).toEqual(shown.map(({ displayName }) => displayName).sort());
});
