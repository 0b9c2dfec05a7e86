import { IdleWatch } from '../../../nodes/DefenderLiveResponse/results/idleWatch';
import { VirtualClock } from '../../support/virtualClock.mts';

describe('a transfer that stands still', () => {
	const clock = new VirtualClock();
	const never = new Promise<never>(() => {});

	it('is ended after a minute without a byte', async () => {
		let ended = false;
		const watch = new IdleWatch(clock, 60_000, () => (ended = true));
		await clock.advance(45_000);
		void watch.waitFor(never);
		await clock.advance(59_000);
		expect(ended).toBe(false);
		await clock.advance(1000);
		expect(ended).toBe(true);
		expect(clock.sleeping).toBe(0);
	});

	it('is left alone while bytes come, or nobody asks for any', async () => {
		let ended = false;
		const watch = new IdleWatch(clock, 60_000, () => (ended = true));
		for (let chunk = 0; chunk < 10; chunk++) {
			await watch.waitFor(clock.advance(30_000));
		}
		await clock.advance(600_000);
		expect(ended).toBe(false);
		watch.stop();
		await clock.advance(0);
		expect(clock.sleeping).toBe(0);
	});
});
