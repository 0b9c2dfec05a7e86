import { readdirSync, readFileSync } from 'node:fs';

/** What one n8n process holds, at one moment. */
export interface Sample {
	readonly minutes: number;
	readonly memoryMb: number;
	/** Open files, sockets and pipes. */
	readonly handles: number;
	/** What the trigger remembers, as n8n stores it. */
	readonly rememberedBytes: number;
}

/** Resident memory and open handles of a process of this machine (Linux). */
export function processState(pid: number): Pick<Sample, 'memoryMb' | 'handles'> {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
	return { memoryMb: kilobytes / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
}

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
