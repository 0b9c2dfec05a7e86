/** The least milliseconds of several runs, of this process alone: other programs on the machine do not count. */
export function leastProcessorMs(work: () => void, runs: number): number {
	const times = Array.from({ length: runs }, () => {
		const before = process.cpuUsage();
		work();
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000;
	});
	return Math.min(...times);
}
