/** What README.md's quick start has people do, read from its own words. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { repository } from './markdown.mts';

/** One thing that a person does, with the names that README gives of what is on the screen. */
export type Deed =
	| { readonly does: 'start'; readonly trigger: string }
	| { readonly does: 'add'; readonly node: string; readonly action: string }
	| { readonly does: 'selectCredential' }
	| { readonly does: 'chooseFromList'; readonly field: string }
	| { readonly does: 'set'; readonly field: string; readonly value: string }
	| { readonly does: 'choose'; readonly field: string }
	| { readonly does: 'find'; readonly field: string }
	| { readonly does: 'press'; readonly button: string };

export interface Step {
	readonly deeds: Deed[];
	/** What the step says can be done instead: "Or ...". */
	readonly instead: Deed[];
}

const NAME = String.raw`\*\*([^*]+)\*\*`;
const phrases: ReadonlyArray<readonly [RegExp, (first: string, second: string) => Deed]> = [
	[new RegExp(`Create a workflow with ${NAME}`), (trigger) => ({ does: 'start', trigger })],
	[/add \*\*([^*>]+) > ([^*>]+)\*\*/, (node, action) => ({ does: 'add', node, action })],
	[/Select your credential/, () => ({ does: 'selectCredential' })],
	[new RegExp(`${NAME}: choose one from`), (field) => ({ does: 'chooseFromList', field })],
	[new RegExp(`set ${NAME} to _([^_]+)_`), (field, value) => ({ does: 'set', field, value })],
	[new RegExp(`choose the ${NAME}`), (field) => ({ does: 'choose', field })],
	[new RegExp(`${NAME} already holds`), (field) => ({ does: 'find', field })],
	[new RegExp(`^${NAME}\\.`), (button) => ({ does: 'press', button })],
];

/**
 * The numbered steps of the section.
 * @throws Error when a step names something on the screen and no phrase here says what is done with it
 */
export function quickStartSteps(): Step[] {
	const section = sectionOf('Quick start');
	const steps = [...section.matchAll(/^\d\. (.*\n(?: {3}.*\n)*)/gm)].map(([, text]) =>
		text.replace(/\s+/g, ' ').trim(),
	);
	return steps.map((text) => {
		const [first, ...others] = text.split(/(?<=\.) Or /);
		return { deeds: deedsIn(first), instead: others.flatMap(deedsIn) };
	});
}

/** The item that the section shows. */
export function quickStartItem(): Record<string, unknown> {
	const [, sample] = /^```json\n(.*?)^```/ms.exec(sectionOf('Quick start'))!;
	return JSON.parse(sample) as Record<string, unknown>;
}

/** How the section before it has a credential made: a tab, a button and a type, and what saves it. */
export function credentialSteps(): {
	way: [tab: string, button: string, type: string];
	save: string;
} {
	const [, tab, button, type, save] =
		/In n8n: \*\*([^*>]+) > ([^*>]+) > ([^*>]+)\*\*\. Enter the IDs and the secret, then \*\*([^*]+)\*\*/.exec(
			sectionOf('Credential').replace(/\s+/g, ' '),
		)!;
	return { way: [tab, button, type], save };
}

function deedsIn(text: string): Deed[] {
	const found = phrases.flatMap(([phrase, deed]) => {
		const match = phrase.exec(text);
		return match === null ? [] : [{ match, deed: deed(match[1], match[2]) }];
	});
	const rest = found.reduce((left, { match }) => left.replace(match[0], ''), text);
	if (/\*\*|_[A-Z]/.test(rest)) throw new Error(`What is to be done here? ${rest}`);
	return found.sort((a, b) => a.match.index - b.match.index).map(({ deed }) => deed);
}

function sectionOf(heading: string): string {
	const text = readFileSync(path.join(repository, 'README.md'), 'utf8');
	return text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`))!;
}
