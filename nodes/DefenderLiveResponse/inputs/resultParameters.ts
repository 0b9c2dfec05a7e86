/** The fields that say which result is wanted and how it is read. */
import { NodeOperationError } from 'n8n-workflow';

import { MEGABYTE } from '../domain/fileSize';
import type { ItemInputs, NodeContext } from './nodeContext';
import { booleanParameter, option, textParameter } from './parameters';

export const wantsAllCommands = (context: ItemInputs) =>
	booleanParameter(context, 'allCommands', false);

/** Checked here as well: expressions and AI tools get around the editor's own checks. */
export function commandIndexOf(context: ItemInputs): number {
	const value = Number(context.parameter('commandIndex', 0));
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

/** In bytes. */
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
