/** Markdown files as what a reader relies on: headings, links, tables and code samples. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import MarkdownIt, { type Token } from 'markdown-it';

export interface Heading {
	level: number;
	text: string;
	/** As GitHub and npm build it from the text. */
	anchor: string;
	line: number;
}

export interface Link {
	target: string;
	/** A picture rather than a link. */
	isImage: boolean;
	line: number;
}

export interface Table {
	/** The cells' Markdown; the first row is the header. */
	rows: string[][];
	line: number;
}

export interface CodeSample {
	language: string;
	content: string;
	line: number;
}

export interface MarkdownFile {
	/** Relative to the repository. */
	file: string;
	text: string;
	headings: Heading[];
	links: Link[];
	tables: Table[];
	samples: CodeSample[];
}

export const repository = path.join(__dirname, '../..');

/** Every Markdown file that is ours, relative to the repository. */
export function markdownFiles(): string[] {
	const isForeign = (file: string) => FOREIGN.some((name) => file.split(path.sep).includes(name));
	return globSync('{,.github/}**/*.md', { cwd: repository, exclude: isForeign }).sort();
}

const FOREIGN = ['node_modules', '.playground', 'dist', 'coverage', 'test-results'];

const parser = new MarkdownIt({ html: true });

export function readMarkdown(file: string): MarkdownFile {
	const text = readFileSync(path.join(repository, file), 'utf8');
	const tokens = parser.parse(text, {});
	const found: MarkdownFile = {
		file,
		text,
		headings: [],
		links: [],
		tables: [],
		samples: [],
	};
	const anchors = new Map<string, number>();
	for (const [at, token] of tokens.entries()) {
		const line = (token.map?.[0] ?? 0) + 1;
		switch (token.type) {
			case 'heading_open': {
				const heading = plainText(tokens[at + 1]);
				found.headings.push({
					level: Number(token.tag.slice(1)),
					text: heading,
					anchor: uniqueAnchor(anchors, heading),
					line,
				});
				break;
			}
			case 'table_open':
				found.tables.push({ rows: [], line });
				break;
			case 'tr_open':
				found.tables.at(-1)!.rows.push([]);
				break;
			case 'th_open':
			case 'td_open':
				found.tables
					.at(-1)!
					.rows.at(-1)!
					.push(tokens[at + 1].content);
				break;
			case 'fence':
				found.samples.push({ language: token.info.trim(), content: token.content, line });
				break;
			case 'inline':
				collectInline(found, token, line);
				break;
			case 'html_block':
				collectHtml(found, token.content, line);
				break;
		}
	}
	return found;
}

function collectInline(found: MarkdownFile, token: Token, line: number): void {
	for (const child of token.children ?? []) {
		if (child.type === 'link_open') {
			found.links.push({ target: String(child.attrGet('href') ?? ''), isImage: false, line });
		}
		if (child.type === 'image') {
			found.links.push({ target: String(child.attrGet('src') ?? ''), isImage: true, line });
		}
		if (child.type === 'html_inline') collectHtml(found, child.content, line);
	}
}

function collectHtml(found: MarkdownFile, html: string, line: number): void {
	for (const [, target] of html.matchAll(/\b(?:src|srcset)="([^"]*)"/g)) {
		found.links.push({ target, isImage: true, line });
	}
}

function plainText(inline: Token): string {
	return (inline.children ?? [])
		.filter(({ type }) => type === 'text' || type === 'code_inline')
		.map(({ content }) => content)
		.join('');
}

/** GitHub's rule: lower case, punctuation dropped, spaces to hyphens, repetitions numbered. */
function uniqueAnchor(taken: Map<string, number>, heading: string): string {
	const anchor = heading
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
		.replaceAll(' ', '-');
	const count = taken.get(anchor) ?? 0;
	taken.set(anchor, count + 1);
	return count === 0 ? anchor : `${anchor}-${count}`;
}
