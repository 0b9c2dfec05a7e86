/** Polls of every interval from a minute to a day: each ended live response once, in order. */
import { worldNow } from '../support/instantClock.mts';
import { LOADS, POLLS, PollSimulation } from './polls/simulation.mts';
import { TriggerTenant } from './triggerTenant.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

it.each(LOADS)(
	`polls every $name lose nothing, give nothing twice, and remember little (${POLLS} of them)`,
	async (load) => {
		const tenant = await TriggerTenant.open({
			clock: worldNow,
			limits: { callsPerMinute: 100, callsPerHour: 1500 },
		});
		try {
			const began = Date.now();
			const outcome = await new PollSimulation(tenant, load).run();
			console.log(load.name, JSON.stringify(outcome), Date.now() - began);
			expect(outcome).toMatchObject({ lost: 0, twice: 0, outOfOrder: 0 });
			expect(outcome.mostStoredBytes).toBeLessThan(500_000);
		} finally {
			await tenant.emulator.stop();
		}
	},
	300_000,
);
