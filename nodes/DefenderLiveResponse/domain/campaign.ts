/** A campaign: one script on many devices, for days. Defender's own list of machine actions is its memory. */
import { CLOCK_DIFFERENCE_MS } from './actionTimes';
import { createdAt, type MachineAction } from './machineAction';
import { markerOf } from './marker';

/** Times in milliseconds since 1970. */
export interface CampaignTerms {
	/** Digest of its key, as the markers of its attempts have it. */
	campaign: string;
	startsAt: number;
	expiresAt: number;
	/** A device that has not reported for longer counts as offline. */
	seenWithinMs: number;
	/** After so many attempts that Failed before they began, a device has failed. */
	maxAttempts: number;
}

/** Beyond it Defender may have forgotten attempts, and they would be made again. */
export const LONGEST_MEMORY_MS = 60 * 24 * 3_600_000;

/** Whether an attempt was created before its campaign began, also where clocks differ. */
export function isOlder(action: MachineAction, { startsAt }: Pick<CampaignTerms, 'startsAt'>) {
	const created = createdAt(action);
	return created !== null && created < startsAt - CLOCK_DIFFERENCE_MS;
}

export type Contradiction =
	| { kind: 'none' }
	/** The start date was moved, or the key belongs to an earlier campaign. */
	| { kind: 'older'; action: MachineAction }
	| { kind: 'otherCommands'; action: MachineAction };

/**
 * What of a campaign's attempts does not fit what is asked now. Going on would run a script again on
 * devices that have answered, or mix the answers to two questions.
 * @param fingerprintOf device and commands as asked now; null for a device that nothing is asked of
 */
export function contradictionIn(
	attempts: readonly MachineAction[],
	terms: Pick<CampaignTerms, 'startsAt'>,
	fingerprintOf: (machineId: string) => string | null,
): Contradiction {
	const older = attempts.find((action) => isOlder(action, terms));
	if (older) return { kind: 'older', action: older };
	const changed = attempts.find((action) => {
		const asked = fingerprintOf(action.machineId?.toLowerCase() ?? '');
		return asked !== null && markerOf(action.requestorComment)?.fingerprint !== asked;
	});
	return changed ? { kind: 'otherCommands', action: changed } : { kind: 'none' };
}
