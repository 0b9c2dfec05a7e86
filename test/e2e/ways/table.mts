import type { Verdict, Way } from './way.mts';

/** The ways as a Markdown table, as the tests have seen them. */
export function waysTable(seen: ReadonlyArray<readonly [Way, Verdict]>): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const mark = (holds: boolean) => (holds ? 'yes' : 'no');
	const titles = [
		'way',
		'what the test does',
		'scripts',
		'started once',
		'on the asked device',
		'in the asked tenant',
	];
	return [
		line(titles),
		line(titles.map(() => '---')),
		...seen.map(([{ title, does }, { scripts, startedOnce, onAskedDevice, inAskedTenant }]) =>
			line([
				title,
				does,
				String(scripts),
				...[startedOnce, onAskedDevice, inAskedTenant].map(mark),
			]),
		),
	].join('\n');
}
