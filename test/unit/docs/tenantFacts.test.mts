/** docs/tenant-facts.md has every open fact of the emulator; the settings and tests that it names exist. */
import { existsSync } from 'node:fs';
import path from 'node:path';

import { documentedCloud } from '../../../emulator/cloudSettings.mts';
import { profiles } from '../../../emulator/profiles.mts';
import { plainSettings } from '../../../emulator/settings.mts';
import { QUESTIONS } from '../../../nodes/DefenderLiveResponse/domain/reportQuestions';
import { readMarkdown, repository } from '../../support/markdown.mts';

const PAGE = 'docs/tenant-facts.md';
const HEAD = ['Fact', 'Question', 'How sure', 'What the node does either way', 'Shown by'];

const page = readMarkdown(PAGE);
const rows = page.tables.flatMap(({ rows: [, ...facts] }) => facts);
const facts = rows.map(([names, , sure, , shown]) => ({ names: quotedIn(names), sure, shown }));
const listed = facts.flatMap(({ names }) => names);

/** Where `[label]` leads. */
const targets = new Map(
	[...page.text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, label, target]) => [label, target]),
);

function quotedIn(text: string): string[] {
	return [...text.matchAll(/`([^`\n]+)`/g)].map(([, quoted]) => quoted);
}

function labelsIn(cell: string): string[] {
	return [...cell.matchAll(/\[([^\]]+)\](?!\()/g)].map(([, label]) => label);
}

/** `group.member`, or the name alone of a setting without members. */
function namesOf(settings: object): string[] {
	return Object.entries(settings).flatMap(([name, value]: [string, unknown]) =>
		typeof value === 'object' && value !== null
			? Object.keys(value).map((member) => `${name}.${member}`)
			: [name],
	);
}

function openFacts(): string[] {
	const { lag, missingResult, lists, throttling, starts, endings } = plainSettings;
	const groups = { lag, missingResult, lists, throttling, starts, endings, ...documentedCloud };
	return [...new Set([...namesOf(groups), ...namesOf(profiles.harsh)])];
}

it('says of every fact the same five things', () => {
	expect(page.tables.map(({ rows: [head] }) => head)).toEqual(page.tables.map(() => HEAD));
	expect(rows.filter((row) => row.length !== HEAD.length || row.includes(''))).toEqual([]);
	expect(facts.filter(({ names }) => names.length === 0)).toEqual([]);
	expect(facts.length).toBeGreaterThan(80);
});

it('has each fact once', () => {
	expect(listed).toEqual([...new Set(listed)]);
});

it('has every fact that the emulator can answer either way', () => {
	expect(openFacts().filter((name) => !listed.includes(name))).toEqual([]);
	expect(openFacts().length).toBeGreaterThan(30);
});

it('names only settings that the emulator has', () => {
	const known = namesOf(plainSettings);
	const groups = new Set(known.map((name) => name.split('.')[0]));
	const named = quotedIn(page.text).filter(
		(name) => /^\w+\.\w+$/.test(name) && groups.has(name.split('.')[0]),
	);
	expect(named.length).toBeGreaterThan(30);
	expect(named.filter((name) => !known.includes(name))).toEqual([]);
	expect(listed.filter((name) => name.includes('.') && !known.includes(name))).toEqual([]);
});

it('says in one of three words how sure a fact is', () => {
	const unsure = facts.filter(({ sure }) => !/^(Documented|Seen|Open)\b/.test(sure));
	expect(unsure).toEqual([]);
});

it('leads to the page of Microsoft that documents a fact', () => {
	for (const { names, sure } of facts.filter(({ sure }) => sure.startsWith('Documented'))) {
		const pages = labelsIn(sure).map((label) => targets.get(label));
		expect({ names, pages }).toEqual({ names, pages: pages.length > 0 ? pages : 'at least one' });
		for (const target of pages) {
			expect({ names, target }).toEqual({
				names,
				target: expect.stringMatching(/^https:\/\/learn\.microsoft\.com\/en-us\//),
			});
		}
	}
});

const FOLDERS: Record<string, RegExp> = {
	'integration and harsh': /^test\/integration\/(?!emulator\/)/,
	unit: /^test\/unit\/(?!emulator\/)/,
	'emulator only': /^test\/(integration|unit)\/emulator\//,
};

/** `unit: [api/actionWatch], [limits/rateBudget] (what of it)`. */
const PART = /^([a-z ]+): (\[[^\]]+\](?:, \[[^\]]+\])*)(?: \([^)]+\))?$/;

it('names tests that exist, and that are of the kind it says', () => {
	for (const { names, shown } of facts) {
		if (shown === 'no test') continue;
		for (const part of shown.split('; ')) {
			const [, kind, labels] = PART.exec(part) ?? [];
			expect({ names, part, kind }).toEqual({ names, part, kind: expect.any(String) });
			for (const label of labelsIn(labels)) {
				const test = path.join(path.dirname(PAGE), targets.get(label) ?? 'nowhere');
				expect({ names, label, test }).toEqual({
					names,
					label,
					test: expect.stringMatching(FOLDERS[kind] ?? 'one of the three kinds'),
				});
				expect([test, existsSync(path.join(repository, test))]).toEqual([test, true]);
			}
		}
	}
});

describe('what Connection > Report answers', () => {
	const [, answered, unanswered] =
		/^Answered by it: ([^]*?)\n\n(Open, and not answered by it[^]*?)\n\n/m.exec(page.text) ?? [];

	it('is listed, fact by fact', () => {
		expect(quotedIn(answered)).toEqual(Object.keys(QUESTIONS));
		expect(Object.keys(QUESTIONS).filter((name) => !listed.includes(name))).toEqual([]);
	});

	it('is every open fact, but for those that the page says a read cannot tell', () => {
		const open = facts.filter(({ sure }) => sure.startsWith('Open')).flatMap(({ names }) => names);
		const told = [...Object.keys(QUESTIONS), ...quotedIn(unanswered)];
		expect(open.filter((name) => !told.includes(name))).toEqual([]);
		expect(quotedIn(unanswered).filter((name) => !open.includes(name))).toEqual([]);
	});

	it('is asked in the words of the page', () => {
		const asked = new Map(
			rows.flatMap(([names, question]) =>
				quotedIn(names).map((name): [string, string] => [name, question.replaceAll('`', '')]),
			),
		);
		const questions = Object.keys(QUESTIONS).map((name) => [name, asked.get(name)]);
		expect(questions).toEqual(Object.entries(QUESTIONS));
	});
});
