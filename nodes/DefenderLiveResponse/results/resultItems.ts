/** The items that a result becomes: one flat item a command, the same from every operation. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { gzipFileName } from '../domain/fileName';
import { namedByBytes } from '../domain/resultFileName';
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
import { containerFormat, isExactText } from '../domain/resultText';
import { parseTranscript, type TranscriptOptions } from '../domain/transcript';
import type { Connection } from '../transport/connection';
import { requestResultLink, type ResultLink } from './resultLink';
import { findResultLink } from './commandResult';
import type { NodeContext } from '../inputs/nodeContext';
import { aboutAction, nodeError } from '../inputs/nodeErrors';
import { collectResultFile, type FileSource } from './resultFile';
import { storeResultFile, type FileOptions, type StoredFile } from './storedFile';

export const RAW_HINT =
	"A result was not a script transcript. Its text is in 'output' as it came, with parse: raw";

export const INEXACT_HINT =
	'A result holds bytes that are not valid text, shown as \ufffd; the file is attached as it came';

/** Which command a result belongs to. */
export interface CommandOf {
	machineActionId: string;
	commandIndex: number;
	/** Set when the machine action was read; its fields then go into the item. */
	action?: MachineAction;
}

/** How the result of any command is read. */
export type ResultOptions = TranscriptOptions & FileOptions;

/** The parsed transcript of a command. Where text cannot say all of it, the file is attached too. */
export async function transcriptItem(
	context: NodeContext,
	connection: Connection,
	command: CommandOf,
	options: TranscriptOptions & { binaryPropertyName: string; maxBytes: number },
	knownLink?: ResultLink,
): Promise<INodeExecutionData> {
	const source = await commandFile(connection, command, knownLink);
	const { bytes, file } = await aboutAction(
		context.functions.getNode(),
		command.machineActionId,
		collectResultFile(context, connection, source, options.maxBytes),
	);
	const fields = parseTranscript(bytes, options);
	const json = { ...commandFields(command), ...fields } as unknown as IDataObject;
	if (fields.parse === 'raw') context.hint(RAW_HINT);
	if (fields.parse === 'strict' || isExactText(bytes)) return { json };

	if (fields.output !== null) context.hint(INEXACT_HINT);
	const { fileName, mimeType } = namedByBytes(
		{
			wanted: '',
			devicePath: source.devicePath,
			contentDisposition: file.contentDisposition,
			packed: gzipFileName(bytes),
			fallback: source.fallbackName,
		},
		{ isUnpacked: false, isGzip: containerFormat(bytes) === 'gzip' },
	);
	const binary = await context.functions.helpers.prepareBinaryData(bytes, fileName, mimeType);
	return { json, binary: { [options.binaryPropertyName]: binary } };
}

/** The result file of a command as binary data, streamed into n8n's store. */
export async function fileItem(
	context: NodeContext,
	connection: Connection,
	command: CommandOf,
	options: FileOptions,
): Promise<INodeExecutionData> {
	const source = await commandFile(connection, command);
	const store = async (wanted: FileOptions) =>
		await aboutAction(
			context.functions.getNode(),
			command.machineActionId,
			storeResultFile(context, connection, source, wanted),
		);
	const asWanted = await store(options);
	if (asWanted.kind === 'stored') return storedItem(asWanted);
	context.hint(
		"A file could not be unpacked within 'Max File Size', or is no sound gzip, and is passed on as it came, with compressed: true",
	);
	const packed = await store({ ...options, decompress: false });
	if (packed.kind === 'stored') return storedItem(packed);
	throw nodeError(context.functions.getNode(), 'fileIncomplete', {
		message: 'The file could not be stored',
	});

	function storedItem(file: Extract<StoredFile, { kind: 'stored' }>): INodeExecutionData {
		return {
			json: { ...commandFields(command), ...file.fields },
			binary: { [options.binaryPropertyName]: file.binary },
		};
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
 * and for the others what became of them.
 */
export async function allCommandItems(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	options: ResultOptions,
): Promise<INodeExecutionData[]> {
	return await Promise.all(
		commandsInOrder(action).map(
			async (command) => await commandItem(context, connection, action, command, options),
		),
	);
}

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
