/** Why a command has no result file (the API answers all of these alike). */
import {
	commandState,
	findCommand,
	hasResultFile,
	isFinished,
	type MachineAction,
} from './machineAction';
import { commandReason } from './reason';

export type MissingResult =
	| { kind: 'notLiveResponse'; type: string }
	| { kind: 'noSuchCommand'; count: number }
	| { kind: 'putFile' }
	| { kind: 'unfinished'; status: string; commandStatus: string }
	| { kind: 'ended'; commandStatus: string; reason: string }
	/** Completed: the result file follows within seconds, or is past its retention. */
	| { kind: 'notYetStored' };

export function missingResult(action: MachineAction, commandIndex: number): MissingResult {
	if (action.type !== 'LiveResponse') return { kind: 'notLiveResponse', type: action.type };
	const command = findCommand(action, commandIndex);
	if (!command) return { kind: 'noSuchCommand', count: action.commands.length };
	if (!hasResultFile(command)) return { kind: 'putFile' };

	const state = commandState(action, command);
	switch (state) {
		case 'failed':
		case 'notRun':
		case 'unknown':
			return {
				kind: 'ended',
				commandStatus: command.commandStatus,
				reason: commandReason(action, command) ?? '',
			};
		case 'running':
			return { kind: 'unfinished', status: action.status, commandStatus: command.commandStatus };
		case 'completed':
			return isFinished(action)
				? { kind: 'notYetStored' }
				: { kind: 'unfinished', status: action.status, commandStatus: command.commandStatus };
	}
}
