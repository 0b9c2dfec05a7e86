import type { INodeExecutionData } from 'n8n-workflow';

import {
	commandParameter,
	commandState,
	type MachineAction,
	type MachineActionCommand,
} from '../domain/machineAction';
import type { NodeContext } from '../inputs/nodeContext';
import { commandItem, outcomeItem } from '../results/commandItems';
import type { Connection } from '../transport/connection';
import type { ShownResults } from './settings';

/** The item of a command: with its result, unless that is a file and files are left where they are. */
export async function shownCommand(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	command: MachineActionCommand,
	{ options, includeFiles }: ShownResults,
): Promise<INodeExecutionData> {
	const isFile = command.command.type === 'GetFile';
	if (includeFiles || !isFile || commandState(action, command) !== 'completed') {
		return await commandItem(context, connection, action, command, options);
	}
	const { json } = outcomeItem(action, command);
	return { json: { ...json, filePath: commandParameter(command, 'Path') } };
}
