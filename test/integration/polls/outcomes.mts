/** What `npm run polls` has measured, and the table of it in the documentation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ProfileName } from '../../../emulator/profiles.mts';
import type { Outcome } from './simulation.mts';

const root = join(__dirname, '../../..');
const file = join(root, 'test/integration/polls/outcomes.json');
const page = join(root, 'docs/operations.md');

export type Outcomes = Record<ProfileName, Record<string, Outcome>>;

export const readOutcomes = (): Outcomes => JSON.parse(readFileSync(file, 'utf8')) as Outcomes;

const TABLE = /(<!-- polls -->\n)[^]*(<!-- end of polls -->)/;

/** Notes an outcome, and writes the table of all of them into the page. */
export function writeOutcome(profile: ProfileName, load: string, outcome: Outcome): void {
	const outcomes = readOutcomes();
	outcomes[profile][load] = outcome;
	writeFileSync(file, `${JSON.stringify(outcomes, null, '\t')}\n`);
	const text = readFileSync(page, 'utf8');
	writeFileSync(page, text.replace(TABLE, `$1\n${pollsTable(outcomes)}\n$2`));
}

/** The rows of the table in the page, header first. */
export function shownRows(): string[][] {
	const [table] = TABLE.exec(readFileSync(page, 'utf8')) ?? [''];
	return table
		.split('\n')
		.filter((line) => line.startsWith('|') && !line.startsWith('| -'))
		.map(cellsOf);
}

const cellsOf = (line: string) =>
	line
		.slice(1, -1)
		.split('|')
		.map((cell) => cell.trim());

const HEADER = [
	'Polled every',
	'Profile',
	'Ended',
	'Lost',
	'Twice',
	'Out of order',
	'At most in a poll',
	'At most late by',
	'Memory at most',
	'Lists a poll',
];

export function rowsOf(outcomes: Outcomes): string[][] {
	const rows = Object.keys(outcomes.plain).flatMap((load) =>
		(['plain', 'harsh'] as const).map((profile) => {
			const outcome = outcomes[profile][load];
			return [
				load,
				profile,
				outcome.started.toLocaleString('en'),
				String(outcome.lost),
				String(outcome.twice),
				String(outcome.outOfOrder),
				String(outcome.mostInAPoll),
				outcome.mostPollsLate === 1 ? '1 poll' : `${outcome.mostPollsLate} polls`,
				`${Math.ceil(outcome.mostStoredBytes / 1000)} kB`,
				outcome.listsAPoll.toFixed(1),
			];
		}),
	);
	return [HEADER, ...rows];
}

function pollsTable(outcomes: Outcomes): string {
	const rows = rowsOf(outcomes);
	const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const lines = rows.map(
		(row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`,
	);
	lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
	return `${lines.join('\n')}\n`;
}
