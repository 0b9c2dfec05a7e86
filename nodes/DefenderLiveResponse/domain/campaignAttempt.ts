/** What a machine action means for the device that a campaign has asked with it. */
import { actionState, commandState, isFinished, type MachineAction } from './machineAction';

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
	const scripts = action.commands.filter(({ command }) => command.type !== 'PutFile');
	const states = scripts.map((command) => commandState(action, command));
	const state = actionState(action.status);
	if (state === 'succeeded' || states.includes('completed')) return 'done';
	if (!isFinished(action)) return action.status === 'Pending' ? 'pending' : 'running';
	const mayHaveBegun = states.length === 0 || states.some((known) => known !== 'notRun');
	if (mayHaveBegun) return 'failed';
	return state === 'failed' ? 'notBegun' : 'none';
}
