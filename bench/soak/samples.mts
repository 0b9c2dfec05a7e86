import { readdirSync, readFileSync } from 'node:fs';

/** What one n8n process holds, at one moment. */
export interface Sample {
	/** Real time since the first one. */
	readonly minutes: number;
	/** Physical memory. */
	readonly memoryMb: number;
	/** What is left on the heap after a garbage collection. */
	readonly heapMb: number;
	/** Open files, sockets and pipes. */
	readonly handles: number;
	/** What the trigger remembers, as n8n stores it; 0 without one. */
	readonly rememberedBytes: number;
}

/** Resident memory and open handles of a process of this machine (Linux). */
export function processState(pid: number): Pick<Sample, 'memoryMb' | 'handles'> {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
	return { memoryMb: kilobytes / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
}

/** n8n warms up first: caches fill, code is compiled, and what the trigger looks back on fills up. */
export const settled = (samples: readonly Sample[]): readonly Sample[] =>
	samples.slice(Math.floor(samples.length / 2));

/** By how much a value grows in a minute: the slope of the straight line nearest to all samples. */
export function slope(samples: readonly Sample[], value: (sample: Sample) => number): number {
	const mean = (of: (sample: Sample) => number) =>
		samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
	const [meanMinutes, meanValue] = [mean(({ minutes }) => minutes), mean(value)];
	const products = samples.map(
		(sample) => (sample.minutes - meanMinutes) * (value(sample) - meanValue),
	);
	const squares = samples.map(({ minutes }) => (minutes - meanMinutes) ** 2);
	const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
	return sum(products) / sum(squares);
}
