import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Connection } from '../transport/connection';

/** What an operation needs to serve one item. */
export interface ItemContext {
	functions: IExecuteFunctions;
	itemIndex: number;
	/** Opened on first use: parsing text needs no credential. */
	connection(): Promise<Connection>;
	/** Shown once to the user after the run, however many items say it. */
	hint(message: string): void;
}

/** One operation: its fields, and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	/** `all` for operations that mostly wait: their calls are paced by the rate budget. */
	itemsAtOnce?: 'all';
	execute(context: ItemContext): Promise<INodeExecutionData[]>;
}

/** The value of a resource locator, whichever way it was chosen. */
export function locatorParameter(context: ItemContext, name: string): string {
	const value = context.functions.getNodeParameter(name, context.itemIndex, '', {
		extractValue: true,
	});
	return String(value ?? '').trim();
}

/** A text field; empty when the operation does not show it. */
export function textParameter(context: ItemContext, name: string): string {
	return String(context.functions.getNodeParameter(name, context.itemIndex, '') ?? '').trim();
}

/** One entry of the `options` collection, or its default when the user did not add it. */
export function option<T extends string | number | boolean>(
	context: ItemContext,
	name: string,
	fallback: T,
): T {
	const value = context.functions.getNodeParameter(`options.${name}`, context.itemIndex, fallback);
	return typeof value === typeof fallback ? (value as T) : fallback;
}
