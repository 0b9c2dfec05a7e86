/** Which state a device of a campaign is in, by the attempts made on it and its last report. */
import type { CampaignTerms } from './campaign';
import { attemptOutcome, type AttemptOutcome } from './campaignAttempt';
import { createdAt, type MachineAction } from './machineAction';
import { actionReason, commandReason } from './reason';

export type DeviceState =
	'done' | 'failed' | 'running' | 'pending' | 'queued' | 'offline' | 'expired';

/** What is known of a device. */
export interface CampaignDevice {
	machineId: string;
	computerDnsName: string | null;
	/** Of its last full report, which comes about once in 24 hours; ISO 8601. */
	lastSeen: string | null;
	/** The campaign's machine actions on it, newest first, also those that are in no list yet. */
	actions: readonly MachineAction[];
	/** One more may have been started lately, and is in no list yet. */
	isNoted: boolean;
	/** Why Defender takes no live response for it; null when nothing says so. */
	rejection: string | null;
}

export interface DeviceStanding {
	state: DeviceState;
	/** What was cancelled or ran out before it began is none. */
	attempts: number;
	/** The one that the state is from, or else the last one. */
	action: MachineAction | null;
	reason: string | null;
}

/** @param now milliseconds since 1970 */
export function standingOf(
	device: CampaignDevice,
	terms: CampaignTerms,
	now: number,
): DeviceStanding {
	const { actions } = device;
	const outcomes = actions.map(attemptOutcome);
	const withOutcome = (wanted: AttemptOutcome) => actions[outcomes.indexOf(wanted)] ?? null;
	const attempts = outcomes.filter((outcome) => outcome !== 'none').length;
	const standing = (
		state: DeviceState,
		action: MachineAction | null = actions[0] ?? null,
		reason: string | null = null,
	): DeviceStanding => ({ state, attempts, action, reason });

	for (const state of ['done', 'running', 'pending'] as const) {
		const action = withOutcome(state);
		if (action) return standing(state, action);
	}
	if (device.isNoted) return standing('running', null, NOTED);
	const failed = withOutcome('failed');
	if (failed) return standing('failed', failed, reasonOf(failed));
	const notBegun = outcomes.filter((outcome) => outcome === 'notBegun').length;
	const last = withOutcome('notBegun');
	if (last && notBegun >= terms.maxAttempts) return standing('failed', last, reasonOf(last));
	if (device.rejection !== null) return standing('failed', undefined, device.rejection);
	if (now >= terms.expiresAt) return standing('expired', undefined, EXPIRED);
	if (!hasReported(device, now - terms.seenWithinMs)) return standing('offline');
	return standing('queued');
}

const NOTED =
	'May have been started a moment ago: Defender lists a new machine action with a delay';
const EXPIRED = 'No answer before the campaign expired';

/** Whether its last full report came at this time or later. */
const hasReported = ({ lastSeen }: CampaignDevice, since: number): boolean =>
	Date.parse(lastSeen ?? '') >= since;

/** When the device was last asked; null when it never was. */
export function lastAskedAt({ actions }: CampaignDevice): number | null {
	return actions.reduce<number | null>((last, action) => {
		const created = createdAt(action);
		return created === null ? last : Math.max(created, last ?? created);
	}, null);
}

function reasonOf(action: MachineAction): string | null {
	const reasons = action.commands.map((command) => commandReason(action, command));
	return reasons.find((reason) => reason !== null) ?? actionReason(action);
}
