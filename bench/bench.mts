import type { MeasuredRun } from './measurement.mts';

/** One comparison; each has a file of its own and is listed in `run.mts`. */
export interface Bench {
	/** What `npm run bench -- <name>` calls it. */
	readonly name: string;
	/** One line: what is compared with what. */
	readonly title: string;
	run(): Promise<BenchResult>;
}

export interface BenchResult {
	/** What was measured, ready to print, one line each. */
	readonly lines: readonly string[];
	readonly goals: readonly Goal[];
	readonly pictures?: readonly Picture[];
	/** What the scale model can be held against. */
	readonly runs?: readonly MeasuredRun[];
}

/** A number that may be at most so much. */
export interface Goal {
	/** What it is the ratio of. */
	readonly what: string;
	readonly value: number;
	readonly atMost: number;
	/** Default `ratio`; a share is printed in percent. */
	readonly kind?: 'ratio' | 'share' | 'count';
}

export interface Picture {
	/** A file in `docs/images`. */
	readonly fileName: string;
	readonly alt: string;
	readonly svg: string;
}

export const isMet = ({ value, atMost }: Goal): boolean => value <= atMost;

export function asWritten(goal: Goal, number: number): string {
	switch (goal.kind) {
		case 'count':
			return number.toFixed(0);
		case 'share':
			// Not -0.0.
			return `${(Math.round(number * 1000) / 10 || 0).toFixed(1)} %`;
		default:
			return number.toFixed(2);
	}
}

/** The middle of an odd number of measured values, and what lies around it. */
export interface Spread {
	readonly median: number;
	readonly least: number;
	readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	return {
		median: sorted[Math.floor(sorted.length / 2)],
		least: sorted[0],
		most: sorted[sorted.length - 1],
	};
}

/** `this node    412 ms  (390 to 450)` */
export function spreadLine(what: string, spread: Spread, unit: string): string {
	const median = spread.median.toFixed(0).padStart(8);
	return `${what.padEnd(32)}${median} ${unit}  (${spread.least.toFixed(0)} to ${spread.most.toFixed(0)})`;
}

/** Columns of equal width, the first one to the left, the others to the right. */
export function table(rows: ReadonlyArray<readonly string[]>): string[] {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows.map((row) =>
		row
			.map((text, column) =>
				column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]),
			)
			.join('  '),
	);
}
