/** The built package over simulated hours, as `npm run bench campaign` does over two days. */
import { simulateCampaign } from '../../../bench/campaign/campaignSimulation.mts';

it.each(['plain', 'harsh'] as const)(
	'a campaign in a tenant as the profile %s has it asks no device twice, and misses none',
	async (profile) => {
		const outcome = await simulateCampaign({ devices: 40, hours: 4, profile });
		expect(outcome).toMatchObject({ twice: 0, missed: 0 });
		expect(outcome.answered).toBeGreaterThan(20);
		expect(outcome.boundMinutes).toBeGreaterThanOrEqual(outcome.waitingMinutes / 1.1);
	},
	60_000,
);
