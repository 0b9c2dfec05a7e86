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
	readonly lines: string[];
	/** The number that has a goal. */
	readonly ratio: number;
	/** The ratio may be at most this. */
	readonly goal: number;
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

/** `  this node    412 ms  (390 to 450)` */
export function spreadLine(what: string, spread: Spread, unit: string): string {
	const median = spread.median.toFixed(0).padStart(8);
	return `  ${what.padEnd(32)}${median} ${unit}  (${spread.least.toFixed(0)} to ${spread.most.toFixed(0)})`;
}
