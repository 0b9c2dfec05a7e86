import { advanceCampaign } from '../../campaigns/advance';
import { campaignInputsOf } from '../../campaigns/campaignInputs';
import { deviceItem, totalsItem } from '../../campaigns/campaignItems';
import { lookAt, standingsOf } from '../../campaigns/look';
import { questionsOf } from '../../campaigns/question';
import {
	campaignFilters,
	campaignKey,
	campaignMachine,
	devicesFrom,
	eachDeviceOption,
	expiresAtOption,
	giveUpPendingOption,
	maxAttemptsOption,
	maxUnfinishedOption,
	seenWithinOption,
	startsAt,
} from '../../descriptions/campaign';
import { comment } from '../../descriptions/liveResponse';
import { optionsOfOneItem } from '../../descriptions/options';
import { encodeArgumentsOption, scriptFields, scriptSha256Option } from '../../descriptions/script';
import { totalsOf } from '../../domain/campaignTotals';
import { booleanOf } from '../../inputs/boolean';
import { inOptions } from '../../inputs/field';
import { numberOf } from '../../inputs/number';
import { STARTS_PER_MINUTE } from '../../limits/rateLimits';
import { systemClock } from '../../limits/clock';
import { bounded } from '../../transport/connection';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Advance',
	action: 'Advance campaign',
	description:
		'Run the script on as many more devices as the limits allow. Made for a schedule, once a minute.',
};

export const isKeptFromAgents = true;

export const fields: Operation['fields'] = [
	campaignKey,
	startsAt,
	devicesFrom,
	campaignMachine,
	campaignFilters,
	...scriptFields,
	comment,
	optionsOfOneItem([
		eachDeviceOption,
		encodeArgumentsOption,
		expiresAtOption,
		giveUpPendingOption,
		maxAttemptsOption,
		maxUnfinishedOption,
		scriptSha256Option,
		seenWithinOption,
	]),
];

const MINUTE_MS = 60_000;
/** The next execution comes within a minute. */
const MOST_TIME_MS = 40_000;
/** Half of that for a limit, so that the other half is left for starts. */
const MOST_HOLD_MS = MOST_TIME_MS / 2;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	const inputs = campaignInputsOf(context, systemClock.wallTime());
	if (inputs === null) return [];
	const { key, terms } = inputs;
	const questionFor = questionsOf(context);
	const eachDevice = booleanOf(context, inOptions(eachDeviceOption));
	const maxUnfinished = numberOf(context, inOptions(maxUnfinishedOption));
	const giveUpPendingMs = numberOf(context, inOptions(giveUpPendingOption)) * MINUTE_MS;

	const own = await context.connection();
	const endBy = own.clock.now() + MOST_TIME_MS;
	const connection = bounded(own, { maxHoldMs: Math.min(own.maxHoldMs, MOST_HOLD_MS) });
	const look = await lookAt(context, connection, inputs, questionFor);
	const pace = { maxUnfinished, giveUpPendingMs, endBy };
	const started = await advanceCampaign(context, connection, look, pace, questionFor);
	const after = connection.clock.wallTime();
	const standings = standingsOf(look, after);
	const limits = { ...terms, startsPerMinute: STARTS_PER_MINUTE };
	const totals = totalsOf(standings, limits, after);
	return [
		totalsItem(context, key, totals, started),
		...(eachDevice ? standings.map((standing) => deviceItem(context, key, standing, look)) : []),
	];
}
