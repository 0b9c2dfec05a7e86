import { campaignInputsOf } from '../../campaigns/campaignInputs';
import { deviceItem } from '../../campaigns/campaignItems';
import { lookAt, standingsOf } from '../../campaigns/look';
import {
	campaignFilters,
	campaignKey,
	campaignMachine,
	devicesFrom,
	expiresAtOption,
	maxAttemptsOption,
	seenWithinOption,
	startsAt,
} from '../../descriptions/campaign';
import { optionsOfOneItem } from '../../descriptions/options';
import { systemClock } from '../../limits/clock';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get Status',
	action: 'Get campaign status',
	description: 'Get the progress of each device of a campaign',
};

export const isKeptFromAgents = true;

export const fields: Operation['fields'] = [
	campaignKey,
	startsAt,
	devicesFrom,
	campaignMachine,
	campaignFilters,
	optionsOfOneItem([expiresAtOption, maxAttemptsOption, seenWithinOption]),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection */
export async function execute(context: ItemContext) {
	const inputs = campaignInputsOf(context, systemClock.wallTime());
	if (inputs === null) return [];
	const connection = await context.connection();
	const look = await lookAt(context, connection, inputs, null);
	const standings = standingsOf(look, connection.clock.wallTime());
	return standings.map((standing) => deviceItem(context, inputs.key, standing, look));
}
