import { packPackage } from '../../playground/communityPackage.mts';
import { table, type Bench } from '../bench.mts';
import type { AdvanceOptions } from './campaignNode.mts';
import { simulateCampaign } from './campaignSimulation.mts';

const hours = 12;
const shownHours = [1, 6, hours];

const asItComes: Required<AdvanceOptions> = { maxUnfinished: 20, giveUpPendingMinutes: 60 };
const faster: Required<AdvanceOptions> = { maxUnfinished: 40, giveUpPendingMinutes: 15 };
const cases = [50, 500, 5000].flatMap((devices) =>
	[asItComes, faster].map((options) => ({ devices, options })),
);

/** What the two options that matter do to campaigns of three sizes. */
export const campaignSettings: Bench = {
	name: 'campaign-settings',
	title: `Devices that have answered after ${shownHours.join(', ')} hours, by the settings of the campaign; a third of the devices is away at any time (simulated clock)`,
	run: async () => {
		await packPackage();
		const rows: string[][] = [];
		let twice = 0;
		for (const { devices, options } of cases) {
			const outcome = await simulateCampaign({ devices, hours, profile: 'plain', options });
			twice += outcome.twice;
			rows.push([
				...[devices, options.maxUnfinished, options.giveUpPendingMinutes].map(String),
				...shownHours.map((hour) => String(outcome.byHour[hour - 1])),
				((outcome.calls - 2 * outcome.advances) / outcome.devices).toFixed(1),
			]);
		}
		const head = ['devices', 'Max Unfinished', 'Give Up Pending'];
		return {
			lines: table([
				[...head, ...shownHours.map((hour) => `after ${hour} h`), 'calls a device'],
				...rows,
			]),
			goals: [
				{ what: 'devices that ran the script twice', value: twice, atMost: 0, kind: 'count' },
			],
		};
	},
};
