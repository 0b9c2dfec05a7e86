/** Parameters that the operations on results share, read and checked before any call. */
import { NodeOperationError } from 'n8n-workflow';

import {
	option,
	locatorParameter,
	textParameter,
	type ItemContext,
	type NodeContext,
} from '../actions/operation';

export const machineActionIdOf = (context: ItemContext) =>
	locatorParameter(context, 'machineActionId');

export const wantsAllCommands = (context: ItemContext) =>
	context.functions.getNodeParameter('allCommands', context.itemIndex, false) === true;

/** Checked here as well: expressions and AI tools get around the editor's own checks. */
export function commandIndexOf(context: ItemContext): number {
	const value = Number(context.functions.getNodeParameter('commandIndex', context.itemIndex, 0));
	if (Number.isSafeInteger(value) && value >= 0 && value <= 0x7fffffff) return value;
	throw new NodeOperationError(
		context.functions.getNode(),
		"'Command Index' is not a whole number from 0 up",
		{
			itemIndex: context.itemIndex,
			description: 'The first command of a machine action has the index 0.',
		},
	);
}

export const binaryFieldOf = (context: NodeContext) =>
	textParameter(context, 'binaryPropertyName') || 'data';

const MEGABYTE = 1024 * 1024;

export function maxBytesOf(context: NodeContext, defaultMb: number): number {
	const megabytes = option(context, 'maxFileSizeMb', defaultMb);
	return (megabytes > 0 ? megabytes : defaultMb) * MEGABYTE;
}

export function transcriptOptionsOf(context: NodeContext) {
	return {
		rawOutput: option(context, 'rawOutput', false),
		parseOutputAsJson: option(context, 'parseOutputAsJson', false),
	};
}
