/** The fields that say which result is wanted and how it is read. */
import { allCommands, commandIndex } from '../descriptions/machineAction';
import {
	maxFileSizeOption,
	parseOutputAsJsonOption,
	rawOutputOption,
} from '../descriptions/options';
import { MEGABYTE } from '../domain/fileSize';
import { booleanOf } from './boolean';
import { inOptions } from './field';
import type { NodeContext } from './nodeContext';
import { numberOf, positiveOf } from './number';

export const wantsAllCommands = (context: NodeContext): boolean => booleanOf(context, allCommands);

export const commandIndexOf = (context: NodeContext): number => numberOf(context, commandIndex);

/** In bytes. */
export function maxBytesOf(context: NodeContext, defaultMb: number): number {
	return positiveOf(context, inOptions(maxFileSizeOption(defaultMb))) * MEGABYTE;
}

export function transcriptOptionsOf(context: NodeContext) {
	return {
		rawOutput: booleanOf(context, inOptions(rawOutputOption)),
		parseOutputAsJson: booleanOf(context, inOptions(parseOutputAsJsonOption)),
	};
}
