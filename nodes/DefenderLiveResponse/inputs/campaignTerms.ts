/** When a campaign begins and ends, and which it is: held against what it can be before any call. */
import {
	campaignKey,
	expiresAtOption,
	maxAttemptsOption,
	seenWithinOption,
	startsAt,
} from '../descriptions/campaign';
import { LONGEST_MEMORY_MS, type CampaignTerms } from '../domain/campaign';
import { campaignOf } from './campaignKey';
import { inOptions } from './field';
import type { ItemInputs } from './nodeContext';
import { numberOf } from './number';
import { fieldError } from './rejection';
import { timeOf } from './time';

const HOUR_MS = 3_600_000;
const DEFAULT_LIFE_MS = 7 * 24 * HOUR_MS;

/** @param now milliseconds since 1970 */
export function campaignTermsOf(context: ItemInputs, now: number): CampaignTerms {
	const campaign = campaignOf(context, campaignKey);
	if (campaign === '') {
		throw fieldError(context, "'Campaign Key' is empty", {
			description: 'Enter a name that no other campaign has, such as find-evil-dll-2026-01.',
		});
	}
	const start = Date.parse(timeOf(context, startsAt) ?? '');
	if (Number.isNaN(start)) {
		throw fieldError(context, "'Starts At' is empty", {
			description:
				'Enter the time at which the campaign begins, and leave it as it is from then on.',
		});
	}
	if (start < now - LONGEST_MEMORY_MS) {
		throw fieldError(context, "'Starts At' is more than 60 days ago", {
			description:
				'It is not known how long Defender lists live responses, and the script would run again on devices whose live response is no longer listed. Start a new campaign with another key.',
		});
	}
	const expiry = timeOf(context, inOptions(expiresAtOption));
	const end = expiry === undefined ? start + DEFAULT_LIFE_MS : Date.parse(expiry);
	if (end <= start) {
		throw fieldError(context, "'Expires At' is not after 'Starts At'", {
			description: 'Enter a later time, or remove the option: a campaign then lasts seven days.',
		});
	}
	return {
		campaign,
		startsAt: start,
		expiresAt: end,
		seenWithinMs: numberOf(context, inOptions(seenWithinOption)) * HOUR_MS,
		maxAttempts: numberOf(context, inOptions(maxAttemptsOption)),
	};
}
