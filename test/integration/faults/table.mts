/** The fault matrix as Markdown: a line for each fault, a column for operations that take it alike. */
import { expectedOf, type Expected, type Fault } from './faults.mts';
import type { Row } from './rows.mts';

export function matrixTable(faults: readonly Fault[], rows: readonly Row[]): string {
	const reasons: string[] = [];
	const noteOf = (reason: string) => {
		if (!reasons.includes(reason)) reasons.push(reason);
		return `n/a ${reasons.indexOf(reason) + 1}`;
	};
	const columns = new Map<string, { rows: Row[]; cells: string[] }>();
	for (const row of rows) {
		const cells = faults.map((fault) => cellText(expectedOf(fault, row), row, noteOf));
		const key = JSON.stringify([row.call, cells]);
		const column = columns.get(key) ?? { rows: [], cells };
		column.rows.push(row);
		columns.set(key, column);
	}
	const all = [...columns.values()];
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	const letters = all.map((_, at) => String.fromCharCode(65 + at));
	return [
		...all.map(({ rows: [first, ...more] }, at) => {
			const operations = [first, ...more].map(({ operation }) => operation).join(', ');
			return `- **${letters[at]}** \`${first.call}\`: ${operations}`;
		}),
		'',
		line(['fault', ...letters]),
		line(['---', ...letters.map(() => '---')]),
		...faults.map(({ title }, at) => line([title, ...all.map(({ cells }) => cells[at])])),
		'',
		...reasons.map((reason, at) => `n/a ${at + 1}: ${reason}.`),
	].join('\n');
}

function cellText(expected: Expected, row: Row, noteOf: (reason: string) => string): string {
	switch (expected.kind) {
		case 'notApplicable':
			return noteOf(expected.reason);
		case 'same':
			return `same${moreText(expected.more)}`;
		case 'refused': {
			const outcome = expected.httpCode ?? 'refused';
			const isOnly = expected.items === 'all' || Object.values(row.calls).every((n) => n === 1);
			return `${outcome}${isOnly ? '' : ' (1 item)'}${moreText(expected.more)}`;
		}
	}
}

const moreText = (more: Record<string, number> = {}) =>
	Object.entries(more)
		.filter(([, times]) => times > 0)
		.map(([call, times]) => ` +${times} ${call}`)
		.join('');
