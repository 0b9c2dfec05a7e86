/**
 * Makes machine actions of what the API sends. Its model lets collections be null, and answers were
 * seen in which commands are only names; whatever the form, one action must not spoil a list.
 */
import { isGuid } from './identifiers';
import {
	UNKNOWN,
	type CommandParameter,
	type MachineAction,
	type MachineActionCommand,
} from './machineAction';
import { isRecord } from './record';

/** Null for what has no id: it can be neither asked about nor shown. */
export function machineActionOf(sent: unknown): MachineAction | null {
	if (!isRecord(sent) || typeof sent.id !== 'string' || !isGuid(sent.id)) return null;
	return {
		id: sent.id,
		type: text(sent.type) ?? UNKNOWN,
		status: text(sent.status) ?? UNKNOWN,
		requestor: text(sent.requestor),
		requestorComment: text(sent.requestorComment),
		machineId: text(sent.machineId),
		computerDnsName: text(sent.computerDnsName),
		creationDateTimeUtc: text(sent.creationDateTimeUtc) ?? '',
		lastUpdateDateTimeUtc: text(sent.lastUpdateDateTimeUtc) ?? '',
		cancellationRequestor: text(sent.cancellationRequestor),
		cancellationComment: text(sent.cancellationComment),
		cancellationDateTimeUtc: text(sent.cancellationDateTimeUtc),
		errorHResult: typeof sent.errorHResult === 'number' ? sent.errorHResult : 0,
		commands: entries(sent.commands).map(commandOf),
		sent,
	};
}

/** Of a list of them; those without an id are left out. */
export function machineActionsOf(sent: readonly unknown[]): MachineAction[] {
	return sent.map(machineActionOf).filter((action) => action !== null);
}

/** A name alone, as in `commands: ["PutFile"]`, is the type. */
function commandOf(sent: unknown, position: number): MachineActionCommand {
	const given = isRecord(sent) ? sent : {};
	const command = isRecord(given.command) ? given.command : {};
	return {
		index: Number.isInteger(given.index) ? Number(given.index) : position,
		startTime: text(given.startTime),
		endTime: text(given.endTime),
		commandStatus: text(given.commandStatus) ?? UNKNOWN,
		errors: entries(given.errors).filter((entry) => typeof entry === 'string'),
		command: {
			type: text(sent) ?? text(command.type) ?? UNKNOWN,
			params: entries(command.params).flatMap(parameterOf),
		},
	};
}

function parameterOf(sent: unknown): CommandParameter[] {
	if (!isRecord(sent)) return [];
	const [key, value] = [text(sent.key), text(sent.value)];
	return key === null || value === null ? [] : [{ key, value }];
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const entries = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
