import { deviceSourceOf } from '../../campaigns/campaignDevices';
import { deviceItem, servesItem } from '../../campaigns/campaignItems';
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
import { campaignTermsOf } from '../../inputs/campaignTerms';
import { textOf } from '../../inputs/text';
import { systemClock } from '../../limits/clock';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get Status',
	action: 'Get campaign status',
	description: 'Say of each device of a campaign how far it is',
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
	if (!servesItem(context)) return [];
	const now = systemClock.wallTime();
	const key = textOf(context, campaignKey);
	const terms = campaignTermsOf(context, now);
	const source = deviceSourceOf(context, now);
	const connection = await context.connection();
	const look = await lookAt(context, connection, terms, source, null);
	const standings = standingsOf(look, connection.clock.wallTime());
	return standings.map((standing) => deviceItem(context, key, standing, look));
}
