import type {
	BinaryHelperFunctions,
	IExecuteFunctions,
	IGetNodeParameterOptions,
	INode,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import type { Connection } from '../transport/connection';

/** What reading fields and building items takes: an item of an execution has it, and so has a poll. */
export interface NodeContext {
	functions: { getNode(): INode; helpers: Pick<BinaryHelperFunctions, 'prepareBinaryData'> };
	/** A poll has no input items. */
	itemIndex?: number;
	parameter(name: string, fallback: unknown, options?: IGetNodeParameterOptions): unknown;
	/** Shown once to the user after the run, however many items say it. */
	hint(message: string): void;
}

/** What an operation needs to serve one item. */
export interface ItemContext extends NodeContext {
	functions: IExecuteFunctions;
	itemIndex: number;
	/** Opened on first use: parsing text needs no credential. */
	connection(): Promise<Connection>;
}

/** One operation: its fields, and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	/** `all` for operations that mostly wait: their calls are paced by the rate budget. */
	itemsAtOnce?: 'all';
	execute(context: ItemContext): Promise<INodeExecutionData[]>;
}

/** The value of a resource locator, whichever way it was chosen. */
export function locatorParameter(context: NodeContext, name: string): string {
	const value = context.parameter(name, '', { extractValue: true });
	return String(value ?? '').trim();
}

/** A text field; empty when the operation does not show it. */
export function textParameter(context: NodeContext, name: string): string {
	return String(context.parameter(name, '') ?? '').trim();
}

/** One entry of the `options` collection, or its default when the user did not add it. */
export function option<T extends string | number | boolean>(
	context: NodeContext,
	name: string,
	fallback: T,
): T {
	const value = context.parameter(`options.${name}`, fallback);
	return typeof value === typeof fallback ? (value as T) : fallback;
}
