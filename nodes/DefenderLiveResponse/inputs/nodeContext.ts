import type { BinaryHelperFunctions, IExecuteFunctions, INode, IPollFunctions } from 'n8n-workflow';

import { isRecord } from '../domain/record';
import { nodeError } from './nodeErrors';

/** What reading fields and building items takes: an item of an execution has it, and so has a poll. */
export interface NodeContext {
	functions: {
		getNode(): INode;
		helpers: Pick<BinaryHelperFunctions, 'prepareBinaryData'>;
		/** The same object for all tries of Retry On Fail; a poll has none. */
		getExecuteData?(): object;
		/** Whether n8n calls the node as a tool that has no input of its own. */
		isToolExecution?(): boolean;
	};
	/** A poll has no input items. */
	itemIndex?: number;
	/** What an expression gave, of whatever type. The readers of this folder say what it means. */
	parameter(name: string, fallback: unknown): unknown;
	/** Shown once to the user after the run, however many items say it. */
	hint(message: string): void;
}

/** The same for one input item of an execution. */
export interface ItemInputs extends NodeContext {
	functions: IExecuteFunctions;
	itemIndex: number;
	/** What the workflow holds for a field: of an expression its text, which begins with `=`. */
	stored(name: string): unknown;
}

export const itemInputs = (
	functions: IExecuteFunctions,
	itemIndex: number,
	hint: NodeContext['hint'] = () => {},
): ItemInputs => ({
	functions,
	itemIndex,
	parameter: (name, fallback) => functions.getNodeParameter(name, itemIndex, fallback),
	stored: (name) => functions.getNodeParameter(name, itemIndex, '', { rawExpressions: true }),
	hint,
});

/** n8n shows hints of executions only; the field `parse` says the same. */
export const pollInputs = (functions: IPollFunctions): NodeContext => ({
	functions,
	parameter: (name, fallback) => {
		try {
			return functions.getNodeParameter(name, fallback);
		} catch (error) {
			const stored = functions.getNodeParameter(name, fallback, { rawExpressions: true });
			throw isOverItems(stored) ? noItemsError(functions.getNode()) : error;
		}
	},
	hint: () => {},
});

/** Whether some expression in it takes something from an item, or from another node. */
const isOverItems = (stored: unknown): boolean =>
	typeof stored === 'string'
		? stored.startsWith('=') && /\$(?:(?:json|binary|input|items?|node)\b|\()/.test(stored)
		: typeof stored === 'object' && stored !== null && Object.values(stored).some(isOverItems);

const noItemsError = (node: INode) =>
	nodeError(node, 'invalidInput', {
		message: 'A field of this trigger is an expression that uses $json, and a trigger has no items',
		description:
			'A workflow begins with it. Enter a fixed value, or an expression that needs no item, such as {{ $vars.script }}. To tell live responses apart by more than that, add a node such as Filter after the trigger.',
	});

/**
 * An entry of a list of fields, read as if its fields were the node's.
 *
 * @param stored the entry as the workflow holds it, or the expression that gives it
 */
export const entryInputs = (
	context: ItemInputs,
	entry: Record<string, unknown>,
	stored: unknown,
): ItemInputs => ({
	...context,
	parameter: (name, fallback) => (entry[name] === undefined ? fallback : entry[name]),
	stored: (name) => (isRecord(stored) ? stored[name] : stored),
});
