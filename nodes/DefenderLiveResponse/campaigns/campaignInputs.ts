/** Which campaign an item is about, and which devices. */
import { campaignKey } from '../descriptions/campaign';
import type { CampaignTerms } from '../domain/campaign';
import { campaignTermsOf } from '../inputs/campaignTerms';
import type { ItemInputs } from '../inputs/nodeContext';
import { textOf } from '../inputs/text';
import { deviceSourceOf, isForAllItems, type DeviceSource } from './campaignDevices';

export interface CampaignInputs {
	key: string;
	terms: CampaignTerms;
	source: DeviceSource;
}

/**
 * Read before any call. @param now milliseconds since 1970
 * @returns null for an item that the first one stands for
 */
export function campaignInputsOf(context: ItemInputs, now: number): CampaignInputs | null {
	if (context.itemIndex > 0 && isForAllItems(context)) return null;
	return {
		key: textOf(context, campaignKey),
		terms: campaignTermsOf(context, now),
		source: deviceSourceOf(context, now),
	};
}
