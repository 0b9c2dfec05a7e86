/** The items that a result becomes: one flat item a command, the same from every operation. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import {
	commandParameter,
	commandReason,
	commandState,
	commandsInOrder,
	findCommand,
	hasResultFile,
	isFinished,
	type MachineAction,
	type MachineActionCommand,
} from '../domain/machineAction';
import { commentWithoutMarker } from '../domain/marker';
import type { TranscriptOptions } from '../domain/transcriptFields';
import type { Connection } from '../transport/connection';
import { requestResultLink, type ResultLink } from './resultLink';
import { findDownload, findResultLink } from './commandResult';
import { packageItem } from './packageItem';
import type { NodeContext } from '../inputs/nodeContext';
import { aboutAction } from '../inputs/nodeErrors';
import { fetchFile } from './fetchedFile';
import { fetchTranscript } from './fetchedTranscript';
import type { FileSource } from './resultFile';
import type { FileOptions } from './storedFile';
import { unfetchedReason } from './unfetched';

/** Which command a result belongs to. */
export interface CommandOf {
	machineActionId: string;
	commandIndex: number;
	/** Set when the machine action was read; its fields then go into the item. */
	action?: MachineAction;
}

/** How the result of any command is read. */
export type ResultOptions = TranscriptOptions & FileOptions;

/** The parsed transcript of a command. Where its fields cannot say all of it, the file comes along. */
export async function transcriptItem(
	context: NodeContext,
	connection: Connection,
	command: CommandOf,
	options: ResultOptions,
	knownLink?: ResultLink,
): Promise<INodeExecutionData> {
	const source = await commandFile(connection, command, knownLink);
	const { fields, binary } = await aboutAction(
		context.functions.getNode(),
		command.machineActionId,
		fetchTranscript(context, connection, source, options),
	);
	return {
		json: { ...commandFields(command), ...(fields as unknown as IDataObject) },
		...(binary ? { binary: { [options.binaryPropertyName]: binary } } : {}),
	};
}

/** The result file of a command as binary data, streamed into n8n's store. */
export async function fileItem(
	context: NodeContext,
	connection: Connection,
	command: CommandOf,
	options: FileOptions,
	knownLink?: ResultLink,
): Promise<INodeExecutionData> {
	const source = await commandFile(connection, command, knownLink);
	const { fields, binary } = await aboutAction(
		context.functions.getNode(),
		command.machineActionId,
		fetchFile(context, connection, source, options),
	);
	return {
		json: { ...commandFields(command), ...fields },
		binary: { [options.binaryPropertyName]: binary },
	};
}

/** The file of whatever the machine action has left: the result of a command, or an investigation package. */
export async function downloadItem(
	context: NodeContext,
	connection: Connection,
	command: CommandOf,
	options: FileOptions,
): Promise<INodeExecutionData> {
	const found = await findDownload(connection, command);
	switch (found.kind) {
		case 'result':
			return await fileItem(context, connection, command, options, found.link);
		case 'package':
			return await packageItem(context, connection, found.action, options);
	}
}

/** The file of a command that has a result. Throws, with the reason, when there is none. */
async function commandFile(
	connection: Connection,
	{ machineActionId, commandIndex, action }: CommandOf,
	knownLink?: ResultLink,
): Promise<FileSource> {
	const command = action ? findCommand(action, commandIndex) : undefined;
	return {
		link: knownLink ?? (await findResultLink(connection, machineActionId, commandIndex)),
		requestLink: async () => await requestResultLink(connection, machineActionId, commandIndex),
		devicePath: command?.command.type === 'GetFile' ? commandParameter(command, 'Path') : null,
		fallbackName: `output_${machineActionId}_${commandIndex}`,
	};
}

/**
 * Every command of a machine action, in the order of their index: results where there are any,
 * and for the others what became of them. A result that cannot be fetched costs its command's item
 * only; throws when no command has one.
 */
export async function allCommandItems(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	options: ResultOptions,
): Promise<INodeExecutionData[]> {
	const commands = commandsInOrder(action);
	const settled = await Promise.allSettled(
		commands.map(
			async (command) => await commandItem(context, connection, action, command, options),
		),
	);
	const hasResult = settled.some(
		(result) => result.status === 'fulfilled' && isResult(result.value),
	);
	const isStopped = connection.signal?.aborted === true;
	return settled.map((result, at) => {
		if (result.status === 'fulfilled') return result.value;
		const unfetched = unfetchedReason(result.reason);
		if (unfetched === null || !hasResult || isStopped) throw result.reason;
		const reasons = [commandReason(action, commands[at]), unfetched];
		return outcomeItem(action, commands[at], reasons.filter((text) => text !== null).join('. '));
	});
}

const isResult = ({ json }: INodeExecutionData): boolean => 'parse' in json || 'sha256' in json;

/** The item of one command of a machine action that was read. */
export async function commandItem(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	command: MachineActionCommand,
	options: ResultOptions,
): Promise<INodeExecutionData> {
	const of = { machineActionId: action.id, commandIndex: command.index, action };
	const state = commandState(action, command);
	if (state === 'failed' && command.command.type === 'RunScript') {
		return await failedScriptItem(context, connection, of, command, options);
	}
	if (state !== 'completed' || !hasResultFile(command)) return outcomeItem(action, command);
	return command.command.type === 'GetFile'
		? await fileItem(context, connection, of, options)
		: await transcriptItem(context, connection, of, options);
}

/** A script that failed may have left a transcript all the same. */
async function failedScriptItem(
	context: NodeContext,
	connection: Connection,
	of: CommandOf & { action: MachineAction },
	command: MachineActionCommand,
	options: ResultOptions,
): Promise<INodeExecutionData> {
	const outcome = outcomeItem(of.action, command);
	const link = await requestResultLink(connection, of.machineActionId, of.commandIndex);
	if (!link) return outcome;
	const transcript = await transcriptItem(context, connection, of, options, link);
	return { ...transcript, json: { ...transcript.json, ...outcome.json } };
}

/**
 * A command without a result: a PutFile, or one that failed, never ran, or still runs. `reason`
 * stands for what Defender says when something else kept the result away.
 */
export function outcomeItem(
	action: MachineAction,
	command: MachineActionCommand,
	reason = commandReason(action, command),
): INodeExecutionData {
	return {
		json: {
			...commandFields({ machineActionId: action.id, commandIndex: command.index, action }),
			...(isFinished(action) ? {} : { finished: false }),
			...(reason === null ? {} : { reason }),
		},
	};
}

function commandFields(of: CommandOf): IDataObject {
	const { action, machineActionId, commandIndex } = of;
	if (!action) return { machineActionId, commandIndex };
	const command = findCommand(action, commandIndex);
	return {
		machineActionId,
		machineId: action.machineId,
		computerDnsName: action.computerDnsName,
		status: action.status,
		commandIndex,
		commandType: command?.command.type ?? null,
		commandStatus: command?.commandStatus ?? null,
		requestor: action.requestor,
		comment: commentWithoutMarker(action.requestorComment),
		startTime: command?.startTime ?? null,
		endTime: command?.endTime ?? null,
	};
}
