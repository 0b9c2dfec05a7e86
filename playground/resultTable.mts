import { inspect } from 'node:util';

const columns = [
	'machineActionId',
	'script_name',
	'exit_code',
	'output',
	'error',
	'parse',
] as const;
const widest = 48;

/** Items of the node as a plain table, one line an item; long texts are cut. */
export function resultTable(items: ReadonlyArray<Record<string, unknown>>): string {
	const rows = [
		columns.map(String),
		...items.map((item) => columns.map((name) => cell(item[name]))),
	];
	const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const lines = rows.map((row) =>
		row
			.map((text, column) => text.padEnd(widths[column]))
			.join('  ')
			.trimEnd(),
	);
	lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
	return lines.join('\n');
}

function cell(value: unknown): string {
	const text =
		typeof value === 'string' && value !== '' ? value.replaceAll(/\s+/g, ' ') : inspect(value);
	return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}
