/**
 * Machine actions, and what counts as finished. `sentAction.ts` makes them of what the API sends.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/machineaction
 */

/** What a live response can be told to do. */
export const COMMAND_TYPES = ['GetFile', 'PutFile', 'RunScript'] as const;

export type CommandType = (typeof COMMAND_TYPES)[number];

export interface CommandParameter {
	key: string;
	value: string;
}

/** One entry of `commands`. `startTime` may be null although the command is completed. */
export interface MachineActionCommand {
	index: number;
	startTime: string | null;
	endTime: string | null;
	commandStatus: string;
	errors: string[];
	command: { type: string; params: CommandParameter[] };
}

/** A machine action. Names and DNS names may be null; enums arrive as their names, times as text. */
export interface MachineAction {
	/** A GUID. */
	id: string;
	type: string;
	status: string;
	requestor: string | null;
	requestorComment: string | null;
	machineId: string | null;
	computerDnsName: string | null;
	creationDateTimeUtc: string;
	lastUpdateDateTimeUtc: string;
	cancellationRequestor: string | null;
	cancellationComment: string | null;
	cancellationDateTimeUtc: string | null;
	errorHResult: number;
	commands: MachineActionCommand[];
	/** All of it as the API sent it, whatever its form. */
	sent: Readonly<Record<string, unknown>>;
}

/**
 * Milliseconds since 1970; null for what is no time. The last one that .NET knows, at the end of the
 * year 9999, stands for none as well.
 */
export function createdAt({ creationDateTimeUtc }: MachineAction): number | null {
	const time = Date.parse(creationDateTimeUtc);
	return Number.isNaN(time) || time >= END_OF_TIME ? null : time;
}

const END_OF_TIME = Date.UTC(9999, 0);

export type ActionState = 'running' | 'succeeded' | 'failed' | 'timedOut' | 'cancelled';

/**
 * What the status of a machine action means. A status this version does not know counts as
 * running: giving up on an action that is still alive would lose its result.
 */
export function actionState(status: string): ActionState {
	switch (status) {
		case 'Succeeded':
			return 'succeeded';
		case 'Failed':
			return 'failed';
		case 'TimeOut':
			return 'timedOut';
		case 'Cancelled':
			return 'cancelled';
		default:
			return 'running';
	}
}

export function isFinished(action: Pick<MachineAction, 'status'>): boolean {
	return actionState(action.status) !== 'running';
}

export type CommandState = 'completed' | 'failed' | 'running' | 'notRun' | 'unknown';

/**
 * What became of one command. A command that was never started keeps `Created` after its action has
 * ended, and one whose end nobody reported keeps `Executing`; before that it is on its way. A
 * completed command has its result, however its action ended.
 */
export function commandState(action: MachineAction, command: MachineActionCommand): CommandState {
	switch (command.commandStatus) {
		case 'Completed':
			return 'completed';
		case 'Failed':
			return 'failed';
		case 'Executing':
			return isFinished(action) ? 'unknown' : 'running';
		case UNKNOWN:
			return stateByAction(action);
		default:
			if (!isFinished(action)) return 'running';
			return hasBegun(command) ? 'unknown' : 'notRun';
	}
}

/** Whether it is cancelled, or about to be: the status follows the request a little later. */
export const isCancelled = (action: MachineAction): boolean =>
	action.status === 'Cancelled' ||
	(action.status === 'Pending' && Boolean(action.cancellationDateTimeUtc));

/** Whether the device has taken up a command, whatever became of it. */
export function hasBegun({ commandStatus, startTime }: MachineActionCommand): boolean {
	return startTime !== null || ['Executing', 'Completed', 'Failed'].includes(commandStatus);
}

/**
 * Whether a command of an ended action may have been done: what is not known of one may have been.
 * So may those of a live response that shows none.
 */
export const mayHaveBegun = (action: MachineAction): boolean =>
	action.commands.some((command) => commandState(action, command) !== 'notRun') ||
	(action.type === 'LiveResponse' && action.commands.length === 0);

/** An action succeeds when all of its commands have completed. */
function stateByAction(action: MachineAction): CommandState {
	const state = actionState(action.status);
	switch (state) {
		case 'running':
			return 'running';
		case 'succeeded':
			return 'completed';
		case 'failed':
		case 'timedOut':
		case 'cancelled':
			return 'unknown';
	}
}

/** Stands for a type or status that the API did not give. */
export const UNKNOWN = 'Unknown';

/** The command with this `index`; the array's order is not relied on. */
export function findCommand(
	action: MachineAction,
	commandIndex: number,
): MachineActionCommand | undefined {
	return action.commands.find((command) => command.index === commandIndex);
}

export function commandsInOrder(action: MachineAction): MachineActionCommand[] {
	return [...action.commands].sort((a, b) => a.index - b.index);
}

export function commandParameter(command: MachineActionCommand, key: string): string | null {
	return command.command.params.find((parameter) => parameter.key === key)?.value ?? null;
}

/** PutFile copies a file to the device and leaves no result file. */
export function hasResultFile(command: MachineActionCommand): boolean {
	return command.command.type !== 'PutFile';
}
