/** Short forms of what the API returns: few fields, with the API's own names. */
import {
	commandParameter,
	isFinished,
	type MachineAction,
	type MachineActionCommand,
} from './machineAction';
import { commandReason } from './reason';
import type { Machine } from './machine';
import { commentWithoutMarker } from './marker';

export interface SimpleCommand {
	index: number;
	type: string;
	/** The script, the library file or the path on the device. */
	name: string | null;
	status: string;
	startTime: string | null;
	endTime: string | null;
	reason: string | null;
}

export interface SimpleMachineAction {
	machineActionId: string;
	type: string;
	status: string;
	finished: boolean;
	machineId: string | null;
	computerDnsName: string | null;
	requestor: string | null;
	/** The user's part. */
	comment: string | null;
	creationDateTimeUtc: string;
	lastUpdateDateTimeUtc: string;
	commands: SimpleCommand[];
}

export function simpleMachineAction(action: MachineAction): SimpleMachineAction {
	return {
		machineActionId: action.id,
		type: action.type,
		status: action.status,
		finished: isFinished(action),
		machineId: action.machineId,
		computerDnsName: action.computerDnsName,
		requestor: action.requestor,
		comment: commentWithoutMarker(action.requestorComment),
		creationDateTimeUtc: action.creationDateTimeUtc,
		lastUpdateDateTimeUtc: action.lastUpdateDateTimeUtc,
		commands: action.commands.map((command) => ({
			index: command.index,
			type: command.command.type,
			name: commandName(command),
			status: command.commandStatus,
			startTime: command.startTime,
			endTime: command.endTime,
			reason: commandReason(action, command),
		})),
	};
}

function commandName(command: MachineActionCommand): string | null {
	return (
		commandParameter(command, 'ScriptName') ??
		commandParameter(command, 'FileName') ??
		commandParameter(command, 'Path')
	);
}

export interface SimpleMachine {
	machineId: string;
	computerDnsName: string | null;
	healthStatus: string;
	lastSeen: string | null;
	osPlatform: string | null;
	lastIpAddress: string | null;
	riskScore: string | null;
	exposureLevel: string | null;
	machineTags: string[];
	rbacGroupName: string | null;
}

export function simpleMachine(machine: Machine): SimpleMachine {
	return {
		machineId: machine.id,
		computerDnsName: machine.computerDnsName,
		healthStatus: machine.healthStatus,
		lastSeen: machine.lastSeen,
		osPlatform: machine.osPlatform,
		lastIpAddress: machine.lastIpAddress,
		riskScore: machine.riskScore,
		exposureLevel: machine.exposureLevel ?? null,
		machineTags: machine.machineTags ?? [],
		rbacGroupName: machine.rbacGroupName ?? null,
	};
}
