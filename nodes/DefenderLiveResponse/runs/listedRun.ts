/** The run of an item among listed machine actions. */
import type { MachineAction } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import { keyedRunAmong } from './keyedRun';
import type { StartedRun } from './runRegistry';
import { keyReusedError } from './startErrors';
import { isCandidate, isRun, type WantedRun } from './wantedRun';

/** @throws NodeOperationError when the idempotency key is that of a run with other commands */
export function earlierRunAmong(
	context: ItemInputs,
	actions: readonly MachineAction[],
	wanted: WantedRun,
): StartedRun | null {
	if (wanted.marker.key === '') return ownRunAmong(actions, wanted);
	// Where n8n lost which execution it retries, a key joins it with any.
	const isOwn = (action: MachineAction) => isRun(action, { ...wanted, isOfAnyExecution: false });
	const onDevice = actions.filter((action) => isCandidate(action, wanted));
	const found = keyedRunAmong(onDevice, wanted.marker);
	switch (found.kind) {
		case 'none':
			return null;
		case 'reused':
			throw keyReusedError(context, found.action);
		case 'shared':
			return { action: found.action, attached: !isOwn(found.action), comment: null };
	}
}

/** Also when n8n started it for an earlier try. */
export function ownRunAmong(
	actions: readonly MachineAction[],
	wanted: WantedRun,
): StartedRun | null {
	const action = actions.find((listed) => isRun(listed, wanted));
	return action ? { action, attached: false, comment: null } : null;
}
