/** Which of the machine actions that are listed is the run of an item. */
import { actionState, mayHaveBegun, type MachineAction } from '../domain/machineAction';
import { hasSameKey, isSameRun, markerOf } from '../domain/marker';
import { isMachineId } from '../domain/identifiers';
import type { StartedRun } from './runRegistry';
import { keyReusedError } from './startErrors';
import type { WantedRun } from './wantedRun';

/**
 * @param actions newest first
 * @throws NodeOperationError when the idempotency key is that of a run with other commands
 */
export function earlierRunAmong(
	actions: readonly MachineAction[],
	run: WantedRun,
): StartedRun | null {
	if (run.marker.key === '') return ownRunAmong(actions, run);
	let reused: MachineAction | undefined;
	for (const action of actions) {
		const found = isCandidate(action, run) ? markerOf(action.requestorComment) : null;
		if (!found || !hasSameKey(found, run.marker)) continue;
		const rule = keyRule(action, found.fingerprint === run.marker.fingerprint);
		// Where n8n lost which execution it retries, a key joins it with any.
		const attached = !isSameRun(found, run.marker);
		if (rule === 'shared') return { action, attached, comment: null };
		if (rule === 'reused') reused ??= action;
	}
	if (reused) throw keyReusedError(run.context, reused);
	return null;
}

/** Also when n8n started it for an earlier try. */
export function ownRunAmong(actions: readonly MachineAction[], run: WantedRun): StartedRun | null {
	const action = actions.find((listed) => {
		const found = isCandidate(listed, run) ? markerOf(listed.requestorComment) : null;
		return found !== null && isSameRun(found, run.marker, run.isOfAnyExecution);
	});
	return action ? { action, attached: false, comment: null } : null;
}

/** On the device, and not too old. */
const isCandidate = (action: MachineAction, { machineId, createdSince }: WantedRun) =>
	(action.machineId?.toLowerCase() === machineId.toLowerCase() || !isMachineId(machineId)) &&
	Date.parse(action.creationDateTimeUtc) >= createdSince;

/**
 * What a run of the same key is to whoever gives it: one with the same commands is shared unless it
 * ended without having begun, or failed. One with other commands is in the way while it goes on, and
 * when it has done what it was for.
 */
export function keyRule(
	action: MachineAction,
	hasSameCommands: boolean,
): 'shared' | 'reused' | 'none' {
	const state = actionState(action.status);
	switch (state) {
		case 'running':
		case 'succeeded':
			return hasSameCommands ? 'shared' : 'reused';
		case 'cancelled':
		case 'timedOut':
			return hasSameCommands && mayHaveBegun(action) ? 'shared' : 'none';
		case 'failed':
			return 'none';
	}
}
