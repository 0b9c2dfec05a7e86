import { attemptsOf } from '../../campaigns/look';
import { campaignKey, startsAt } from '../../descriptions/campaign';
import { cancellationComment } from '../../descriptions/machineAction';
import { optionsOfOneItem } from '../../descriptions/options';
import { cancelAndRead } from '../../api/machineActions';
import { mayCancel } from '../../domain/campaignPlan';
import { campaignTermsOf } from '../../inputs/campaignTerms';
import { textOf } from '../../inputs/text';
import { unfetchedReason } from '../../results/unfetched';
import { systemClock } from '../../limits/clock';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Cancel',
	action: 'Cancel campaign',
	description:
		'Cancel what no device has picked up yet. A schedule that advances the campaign starts on these devices again.',
};

export const isKeptFromAgents = true;

export const fields: Operation['fields'] = [
	campaignKey,
	startsAt,
	cancellationComment,
	optionsOfOneItem(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/cancel-machine-action */
export async function execute(context: ItemContext) {
	const campaign = textOf(context, campaignKey);
	const terms = campaignTermsOf(context, systemClock.wallTime());
	const reason = textOf(context, cancellationComment);
	const connection = await context.connection();
	const { attempts, unfinished } = await attemptsOf(context, connection, terms);
	const pending = attempts.filter((action) => mayCancel(action, unfinished));
	const settled = await Promise.allSettled(
		pending.map(async ({ id }) => await cancelAndRead(connection, id, reason)),
	);
	const isNoneCancelled = settled.every(({ status }) => status === 'rejected');
	return settled.map((result, at) => {
		const { id, machineId, computerDnsName, status } = pending[at];
		const about = { campaign, machineId, computerDnsName, machineActionId: id };
		if (result.status === 'fulfilled') {
			const { action, cancelRequested } = result.value;
			return { json: { ...about, status: action.status, cancelRequested } };
		}
		const unasked = unfetchedReason(result.reason);
		if (unasked === null || isNoneCancelled || connection.signal?.aborted) throw result.reason;
		return { json: { ...about, status, cancelRequested: false, reason: unasked } };
	});
}
