/** Why a command has no result, and why a machine action did not succeed: what `reason` says. */
import {
	actionState,
	commandParameter,
	commandState,
	hasBegun,
	type MachineAction,
	type MachineActionCommand,
} from './machineAction';

/**
 * Why a command has no result, or ended badly, in the API's own words where it gave any.
 * Null for a command that completed or is still running.
 */
export function commandReason(action: MachineAction, command: MachineActionCommand): string | null {
	const state = commandState(action, command);
	switch (state) {
		case 'completed':
		case 'running':
			return null;
		case 'failed':
			return command.errors.length > 0
				? withAdvice(command.errors.join('\n'), command)
				: 'Defender reported that the command failed and gave no reason';
		case 'notRun':
			return withWords(notRunReason(action, command), command);
		case 'unknown': {
			const begun = hasBegun(command)
				? 'It had begun and may still run'
				: 'How it ended is not known';
			return withWords(`${begun}. ${actionReason(action) ?? ''}`.trim(), command);
		}
	}
}

const SIGN_OR_ALLOW =
	"Sign the script, or turn on 'Live Response unsigned script execution' in the Defender portal under Settings > Endpoints > Advanced features.";

/** The words for an unsigned script are not documented: whatever they are, they speak of its signature. */
function withAdvice(words: string, command: MachineActionCommand): string {
	const script = commandParameter(command, 'ScriptName') ?? '';
	const isUnsigned = /\.ps1$/i.test(script) && /\b(un)?sign(ed|ature)\b/i.test(words);
	return isUnsigned ? `${words} ${SIGN_OR_ALLOW}` : words;
}

function withWords(reason: string, { errors }: MachineActionCommand): string {
	return errors.length > 0 ? `${reason}. Defender says: ${errors.join('\n')}` : reason;
}

function notRunReason(action: MachineAction, command: MachineActionCommand): string {
	const failed = action.commands.find(
		(other) => other.index < command.index && other.commandStatus === 'Failed',
	);
	if (failed) {
		return `Not started, because command ${failed.index} (${failed.command.type}) failed`;
	}
	return actionReason(action) ?? 'Not started, although the machine action has ended';
}

/** Why the whole action did not succeed; null while it runs and when it succeeded. */
export function actionReason(action: MachineAction): string | null {
	const state = actionState(action.status);
	switch (state) {
		case 'running':
		case 'succeeded':
			return null;
		case 'timedOut':
			return action.commands.some(hasBegun)
				? 'Defender gave up waiting for the end (status TimeOut)'
				: 'Defender gave up waiting for the device (status TimeOut)';
		case 'cancelled':
			return `Cancelled by ${action.cancellationRequestor ?? 'somebody'}${
				action.cancellationComment ? `: ${action.cancellationComment}` : ''
			}`;
		case 'failed':
			return action.errorHResult
				? `The machine action failed (errorHResult 0x${(action.errorHResult >>> 0).toString(16).padStart(8, '0')})`
				: 'The machine action failed';
	}
}
