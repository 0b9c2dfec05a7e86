/** The item that one result becomes: flat, and the same from every operation. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { commandParameter, findCommand, type MachineAction } from '../domain/machineAction';
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

/** What an item says of the command that it belongs to. */
export function commandFields(of: CommandOf): IDataObject {
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
