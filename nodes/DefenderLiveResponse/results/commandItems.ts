/** The items of a machine action: one a command, with its result or with what became of it. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { getMachineAction } from '../api/machineActions';
import {
	commandState,
	commandsInOrder,
	hasResultFile,
	isFinished,
	type MachineAction,
	type MachineActionCommand,
} from '../domain/machineAction';
import { actionReason, commandReason } from '../domain/reason';
import { simpleMachineAction } from '../domain/simplify';
import type { NodeContext } from '../inputs/nodeContext';
import type { Connection } from '../transport/connection';
import { assertLiveResponse } from './commandResult';
import {
	commandFields,
	fileItem,
	transcriptItem,
	type CommandOf,
	type ResultOptions,
} from './resultItems';
import { requestResultLink } from './resultLink';
import { unfetchedReason } from './unfetched';

/**
 * Every command of a machine action, in the order of their index: results where there are any,
 * and for the others what became of them. A result that cannot be fetched costs its command's item
 * only; throws when no command has one. Lists may lack the commands, so one without any is read.
 */
export async function allCommandItems(
	context: NodeContext,
	connection: Connection,
	listed: MachineAction,
	options: ResultOptions,
): Promise<INodeExecutionData[]> {
	const action = await withCommands(connection, listed);
	const commands = commandsInOrder(action);
	if (commands.length === 0) return [withoutCommands(action)];
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

/** @throws NodeApiError when it is no live response */
async function withCommands(connection: Connection, listed: MachineAction): Promise<MachineAction> {
	if (listed.commands.length > 0) return listed;
	assertLiveResponse(connection, listed);
	return await getMachineAction(connection, listed.id);
}

/** An item all the same: whoever asked must hear of the device. */
export const withoutCommands = (
	action: MachineAction,
	reason = actionReason(action) ?? 'Defender shows no commands of this live response',
): INodeExecutionData => ({
	json: { ...(simpleMachineAction(action) as unknown as IDataObject), reason },
});

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
