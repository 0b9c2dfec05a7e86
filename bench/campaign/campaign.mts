import { packPackage } from '../../playground/communityPackage.mts';
import { table, type Bench, type BenchResult } from '../bench.mts';
import { answeredOverTime } from './answeredOverTime.mts';
import { simulateCampaign, type Outcome } from './campaignSimulation.mts';

const devices = 2000;
const hours = 48;

/** Simulated time: two days take minutes. */
export const campaign: Bench = {
	name: 'campaign',
	title: `A campaign of ${devices} devices over ${hours} hours, advanced every minute; a third of them is away at any time, all report once a day (simulated clock)`,
	run: async () => {
		await packPackage();
		const outcome = await simulateCampaign({ devices, hours, profile: 'plain' });
		return resultOf(outcome);
	},
};

const mebibytes = (bytes: number): number => bytes / 2 ** 20;

function resultOf(outcome: Outcome): BenchResult {
	const { answered, twice, missed, advances, starts, cancels, calls, refused } = outcome;
	const { waitingMinutes, boundMinutes } = outcome;
	return {
		lines: [
			...table([
				['devices', 'answered', 'twice', 'missed', 'advances', 'minutes waiting', 'bound'],
				[
					...[outcome.devices, answered, twice, missed],
					...[advances, waitingMinutes, boundMinutes],
				].map(String),
			]),
			'',
			...table([
				['calls', 'lists', 'starts', 'cancellations', 'refused'],
				[calls, calls - starts - cancels - refused, starts, cancels, refused].map(String),
			]),
			'',
			...table([
				['n8n ran for', 'heap given back at its end'],
				...outcome.lives.map(({ hours: lived, heldBytes }) => [
					`${lived} h`,
					`${mebibytes(heldBytes).toFixed(2)} MiB`,
				]),
			]),
		],
		goals: [
			{
				what: 'minutes in which devices waited to those in which limits or places allowed no more',
				value: waitingMinutes / boundMinutes,
				atMost: 1.1,
			},
			{
				what: 'calls beside two an advance, for each device',
				value: (calls - 2 * advances) / outcome.devices,
				atMost: 1.5,
			},
			{ what: 'devices that ran the script twice', value: outcome.twice, atMost: 0, kind: 'count' },
			{
				what: 'devices that were online for four hours after a report and have not answered',
				value: outcome.missed,
				atMost: 0,
				kind: 'count',
			},
			{
				what: 'MiB of heap that a process of n8n gave back at its end, at most',
				value: mebibytes(Math.max(...outcome.lives.map(({ heldBytes }) => heldBytes))),
				atMost: 4,
			},
		],
		pictures: [answeredOverTime(outcome)],
	};
}
