/** How far a campaign is, in numbers. */
import { attemptOutcome } from './campaignAttempt';
import type { DeviceState } from './campaignDevice';
import type { Standing } from './campaignPlan';

export interface CampaignTotals extends Record<DeviceState, number> {
	devices: number;
	finished: boolean;
	/** Without what is offline; null when nothing says how long. */
	estimatedMinutesLeft: number | null;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** @param limits most starts in a minute; times in milliseconds since 1970 */
export function totalsOf(
	standings: readonly Standing[],
	limits: { startsPerMinute: number; startsAt: number; expiresAt: number },
	now: number,
): CampaignTotals {
	const count = (wanted: DeviceState) => standings.filter(({ state }) => state === wanted).length;
	const counts: Record<DeviceState, number> = {
		done: count('done'),
		failed: count('failed'),
		running: count('running'),
		pending: count('pending'),
		queued: count('queued'),
		offline: count('offline'),
		expired: count('expired'),
	};
	const { queued, pending, running, offline } = counts;
	const finished = queued + pending + running + offline === 0;
	const left = queued + pending + running;
	return {
		devices: standings.length,
		...counts,
		finished,
		estimatedMinutesLeft: finished
			? 0
			: left === 0
				? null
				: minutesFor(left, standings, limits, now),
	};
}

/** At the pace of the last hour; as fast as starts are allowed while there is no pace yet. */
function minutesFor(
	left: number,
	standings: readonly Standing[],
	limits: { startsPerMinute: number; startsAt: number; expiresAt: number },
	now: number,
): number {
	const since = Math.max(now - HOUR_MS, limits.startsAt);
	const answered = standings
		.flatMap(({ device }) => device.actions)
		.filter((action) => ['done', 'failed'].includes(attemptOutcome(action)))
		.filter((action) => Date.parse(action.lastUpdateDateTimeUtc) >= since).length;
	const minutes = Math.max(1, (now - since) / MINUTE_MS);
	const pace = answered > 0 ? answered / minutes : limits.startsPerMinute;
	const toExpiry = Math.max(0, (limits.expiresAt - now) / MINUTE_MS);
	return Math.ceil(Math.min(left / pace, toExpiry));
}
