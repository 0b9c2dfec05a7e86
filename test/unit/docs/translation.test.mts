/** The translated README says as much as the English one: a change to one is a change to both. */
import path from 'node:path';

import { readMarkdown, type MarkdownFile } from '../../support/markdown.mts';

const original = readMarkdown('README.md');

const resolved = ({ file, links }: MarkdownFile) =>
	links.map(({ target }) => {
		if (/^[a-z]+:/i.test(target)) return target;
		const [to, anchor] = target.split('#');
		if (to === '') return '(this page)';
		const absolute = path.join(path.dirname(file), to);
		return anchor === undefined ? absolute : `${absolute}#${anchor}`;
	});

/** Names in backquotes: fields, permissions, commands, hosts. */
const names = ({ text }: MarkdownFile) =>
	[...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, name]) => name).sort();

describe.each(['docs/zh-TW/README.md'])('%s', (file) => {
	const translation = readMarkdown(file);

	it('has the same sections', () => {
		const levels = ({ headings }: MarkdownFile) => headings.map(({ level }) => level);
		expect(levels(translation)).toEqual(levels(original));
	});

	it('has the same tables, row by row', () => {
		const sizes = ({ tables }: MarkdownFile) =>
			tables.map(({ rows }) => rows.map(({ length }) => length));
		expect(sizes(translation)).toEqual(sizes(original));
	});

	it('has the same code', () => {
		const code = ({ samples }: MarkdownFile) =>
			samples.map(({ language, content }) => ({ language, content }));
		expect(code(translation)).toEqual(code(original));
	});

	it('names the same fields, permissions and commands', () => {
		expect(names(translation)).toEqual(names(original));
	});

	it('leads to the same places', () => {
		const [first, ...others] = resolved(original);
		const [firstOfTranslation, ...othersOfTranslation] = resolved(translation);
		expect([first, firstOfTranslation]).toEqual([file, original.file]);
		expect(othersOfTranslation).toEqual(others);
	});

	it('is in the other language', () => {
		const paragraphs = translation.text.split('\n\n').filter((text) => !/^[`|!#[]/.test(text));
		expect(paragraphs.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
	});
});
