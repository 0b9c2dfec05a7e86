/** What the operations of a campaign return. */
import type { INodeExecutionData, IPairedItemData } from 'n8n-workflow';

import type { Standing } from '../domain/campaignPlan';
import type { CampaignTotals } from '../domain/campaignTotals';
import type { ItemInputs } from '../inputs/nodeContext';
import { isForAllItems } from './campaignDevices';
import type { Look } from './look';

/** One for the whole campaign. @param campaign its key */
export function totalsItem(
	context: ItemInputs,
	campaign: string,
	totals: CampaignTotals,
	startedNow: number,
): INodeExecutionData {
	const { devices, done, failed, running, pending, queued, offline, expired } = totals;
	const { finished, estimatedMinutesLeft } = totals;
	return {
		json: {
			...{ campaign, devices, done, failed, running, pending, queued, offline, expired },
			...{ startedNow, finished, estimatedMinutesLeft },
		},
		pairedItem: servedItems(context),
	};
}

/** One for a device. @param campaign its key */
export function deviceItem(
	context: ItemInputs,
	campaign: string,
	{ device, state, attempts, action, reason }: Standing,
	{ itemOf }: Pick<Look, 'itemOf'>,
): INodeExecutionData {
	const { machineId, computerDnsName, lastSeen } = device;
	const itemIndex = itemOf.get(machineId);
	return {
		json: {
			...{ campaign, machineId, computerDnsName, state, attempts },
			machineActionId: action?.id ?? null,
			status: action?.status ?? null,
			...{ reason, lastSeen },
		},
		pairedItem: itemIndex === undefined ? servedItems(context) : { item: itemIndex },
	};
}

function servedItems(context: ItemInputs): IPairedItemData | IPairedItemData[] {
	if (!isForAllItems(context)) return { item: context.itemIndex };
	return context.functions.getInputData().map((_item, item) => ({ item }));
}
