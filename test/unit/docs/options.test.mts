/** Which options an operation has: the page of operations says of each what the description has. */
import { readMarkdown } from '../../support/markdown.mts';
import { operationOf, operationPairs } from '../../support/operations.mts';

const { text } = readMarkdown('docs/operations.md');
const chapters = text.split(/^(?=## )/m);

/** Said once, in the table of all options. */
const OF_MOST = ['Batching', 'Max Rate Limit Wait'];

/** What the lists that begin with "Options:", "More options:" or the like name. */
const listed = (part: string): string[] =>
	[...part.matchAll(/ptions[^:.]*: ([^.]*)\.?/g)].flatMap(([, names]) =>
		names
			.replace(/\([^)]*\)|:.*/gs, '')
			.split(/,\s+/)
			.map((name) => name.trim().replace(/\s+/g, ' ')),
	);

/** Rows of a table whose first cells are options. */
const tabled = (part: string): string[] =>
	[...part.matchAll(/^\| Option[^]*?\n\n/gm)].flatMap(([table]) =>
		[...table.matchAll(/^\| \*\*(.*?)\*\* `\w+`(?:, \*\*(.*?)\*\* `\w+`)?/gm)].flatMap(
			([, ...names]) => names.filter((name) => name !== undefined),
		),
	);

const withoutUnit = (name: string) => name.replace(/ \(.*\)$/, '');

it.each(operationPairs)('%s %s', (resource, operation) => {
	const { fields } = operationOf(resource, operation);
	const chapter = chapters.find((part) => part.includes(`\`${resource}\` / \`${operation}\``))!;
	const [intro, ...sections] = chapter.split(/^(?=### )/m);
	const section = sections.find((part) => part.includes(`\`${resource}\` / \`${operation}\``))!;
	const shared =
		resource === 'machine' && fields.some(({ name }) => name === 'waitForCompletion')
			? sections.filter((part) => part.startsWith('### Actions on a device'))
			: [];
	const parts = resource === 'campaign' ? [section] : [intro, section, ...shared];
	const told = parts.flatMap((part) => [...listed(part), ...tabled(part)]);

	const options = fields.find(({ name }) => name === 'options')?.options ?? [];
	const own = options
		.map((option) => withoutUnit('displayName' in option ? option.displayName : option.name))
		.filter((name) => !OF_MOST.includes(name));
	expect(
		[...new Set(told)]
			.map(withoutUnit)
			.filter((name) => !OF_MOST.includes(name))
			.sort(),
	).toEqual(own.sort());
});
