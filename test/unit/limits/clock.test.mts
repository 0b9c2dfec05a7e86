import { systemClock } from '../../../nodes/DefenderLiveResponse/limits/clock';

afterEach(() => {
	jest.useRealTimers();
});

/** What it came to within the time, which nobody really waits for. */
async function afterwards(sleep: Promise<boolean>, ms: number): Promise<boolean | 'sleeping'> {
	await jest.advanceTimersByTimeAsync(ms);
	return await Promise.race([sleep, Promise.resolve('sleeping' as const)]);
}

describe('the clock of the node', () => {
	it.each([
		['back', -3_600_000],
		['forward', 3_600_000],
	])('sleeps as long as it was asked to when the system clock is set %s', async (_case, ms) => {
		jest.useFakeTimers();
		const sleep = systemClock.sleep(5000);
		await jest.advanceTimersByTimeAsync(2500);
		jest.setSystemTime(Date.now() + ms);
		expect(await afterwards(sleep, 2400)).toBe('sleeping');
		expect(await afterwards(sleep, 200)).toBe(true);
	});

	it('measures durations by what has passed, and tells the time as the system has it', async () => {
		jest.useFakeTimers();
		const [before, wallBefore] = [systemClock.now(), systemClock.wallTime()];
		jest.setSystemTime(Date.now() - 3_600_000);
		await jest.advanceTimersByTimeAsync(1000);
		expect(systemClock.now() - before).toBe(1000);
		expect(systemClock.wallTime() - wallBefore).toBe(1000 - 3_600_000);
	});

	it('stops sleeping at once when it is told to', async () => {
		jest.useFakeTimers();
		const stop = new AbortController();
		const sleep = systemClock.sleep(3_600_000, stop.signal);
		stop.abort();
		expect(await afterwards(sleep, 1000)).toBe(false);
	});
});
