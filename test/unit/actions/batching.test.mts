import { BatchGate } from '../../../nodes/DefenderLiveResponse/actions/batching';
import { VirtualClock } from '../../support/virtualClock.mts';

describe('batches of items', () => {
	it('begin one interval apart, however many items come at once', async () => {
		const clock = new VirtualClock();
		const gate = new BatchGate({ batchSize: 3, batchIntervalMs: 1000 }, clock);
		const began: number[] = [];
		for (let item = 0; item < 8; item++) void gate.pass().then(() => began.push(clock.now()));
		await clock.advance(10_000);
		expect(began).toEqual([0, 0, 0, 1000, 1000, 1000, 2000, 2000]);
	});

	it('do not wait when the one before took longer than the interval', async () => {
		const clock = new VirtualClock();
		const gate = new BatchGate({ batchSize: 1, batchIntervalMs: 1000 }, clock);
		await gate.pass();
		await clock.advance(5000);
		await expect(gate.pass()).resolves.toBe(true);
		expect(clock.now()).toBe(5000);
	});

	it('end with the execution, and leave no timer behind', async () => {
		const clock = new VirtualClock();
		const stop = new AbortController();
		const gate = new BatchGate({ batchSize: 1, batchIntervalMs: 1000 }, clock, stop.signal);
		await gate.pass();
		const [second, third] = [gate.pass(), gate.pass()];
		await clock.advance(10);
		stop.abort();
		await expect(second).resolves.toBe(false);
		await expect(third).resolves.toBe(false);
		expect(clock.sleeping).toBe(0);
	});
});
