/** What a machine action means for the device that a campaign has asked with it. */
import {
	actionState,
	commandState,
	hasResultFile,
	isFinished,
	mayHaveBegun,
	type MachineAction,
} from './machineAction';

export type AttemptOutcome =
	/** There is an answer, however the action ended. */
	| 'done'
	| 'running'
	| 'pending'
	/** It began and failed, or nobody knows how it ended: it is not made again. */
	| 'failed'
	/** It Failed before its command began: another one may be made. */
	| 'notBegun'
	/** The device did not take it up in time, or it was cancelled before: no attempt. */
	| 'none';

export function attemptOutcome(action: MachineAction): AttemptOutcome {
	const state = actionState(action.status);
	const hasAnswer = action.commands.some(
		(command) => hasResultFile(command) && commandState(action, command) === 'completed',
	);
	if (state === 'succeeded' || hasAnswer) return 'done';
	if (!isFinished(action)) return action.status === 'Pending' ? 'pending' : 'running';
	if (mayHaveBegun(action)) return 'failed';
	return state === 'failed' ? 'notBegun' : 'none';
}
