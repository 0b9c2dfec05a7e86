/** Polls of every interval from a minute to a day: each ended live response once, in order. */
import { worldNow } from '../support/instantClock.mts';
import { readOutcomes, rowsOf, shownRows, writeOutcome } from './polls/outcomes.mts';
import { LOADS, PollSimulation, type Extent } from './polls/simulation.mts';
import { TriggerTenant } from './triggerTenant.mts';

jest.mock('../../nodes/DefenderLiveResponse/limits/clock', () =>
	jest.requireActual('../support/instantClock.mts'),
);

/** `npm run polls` takes ten minutes and writes what comes of it into the documentation. */
const isWhole = process.env.WRITE_POLLS === '1';

const extent: Extent = isWhole
	? { polls: 400, burstEvery: 100, burst: 400 }
	: { polls: 40, burstEvery: 20, burst: 40 };

it.each(LOADS)(
	'polls every $name lose nothing, give nothing twice, and remember little',
	async (load) => {
		const tenant = await TriggerTenant.open({
			clock: worldNow,
			limits: { callsPerMinute: 100, callsPerHour: 1500 },
		});
		try {
			const outcome = await new PollSimulation(tenant, load, extent).run();
			if (isWhole) writeOutcome(globalThis.emulatorProfile ?? 'plain', load.name, outcome);
			expect(outcome).toMatchObject({ lost: 0, twice: 0, outOfOrder: 0 });
			expect(outcome.mostStoredBytes).toBeLessThan(100_000);
		} finally {
			await tenant.emulator.stop();
		}
	},
	300_000,
);

describe('the table in docs/operations.md', () => {
	it('is what `npm run polls` has measured', () => {
		expect(shownRows()).toEqual(rowsOf(readOutcomes()));
	});

	it('has every interval under both profiles, with nothing lost, twice or out of order', () => {
		for (const outcomes of Object.values(readOutcomes())) {
			expect(Object.keys(outcomes)).toEqual(LOADS.map(({ name }) => name));
			for (const { name, usual } of LOADS) {
				const { started, lost, twice, outOfOrder } = outcomes[name];
				expect({ lost, twice, outOfOrder }).toEqual({ lost: 0, twice: 0, outOfOrder: 0 });
				expect(started).toBeGreaterThanOrEqual(400 * usual);
			}
		}
	});
});
