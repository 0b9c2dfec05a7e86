import { onStop } from '../../../nodes/DefenderLiveResponse/transport/onStop';

const WAITING = 10_000;

/** One turn of the event loop. */
const turnOfTheLoop = async () => await new Promise((resolve) => setImmediate(resolve));

describe('what waits for the end of a run', () => {
	it('is told a few at a time, so that n8n does something else in between', async () => {
		const stop = new AbortController();
		let told = 0;
		for (let at = 0; at < WAITING; at++) onStop(stop.signal, () => told++);
		stop.abort();
		for (let turns = 0; told < WAITING && turns < 100 * WAITING; turns++) {
			const before = told;
			await turnOfTheLoop();
			expect(told - before).toBeLessThanOrEqual(100);
		}
		expect(told).toBe(WAITING);
	});

	it('is told at once when it comes after the end', () => {
		const told = jest.fn();
		onStop(AbortSignal.abort(), told);
		expect(told).toHaveBeenCalledTimes(1);
	});

	it('is not told when it no longer waits', async () => {
		const stop = new AbortController();
		const told = jest.fn();
		onStop(stop.signal, told)();
		stop.abort();
		await turnOfTheLoop();
		expect(told).not.toHaveBeenCalled();
	});

	it('is nothing without a signal', () => {
		expect(onStop(undefined, () => {})).toEqual(expect.any(Function));
	});
});
