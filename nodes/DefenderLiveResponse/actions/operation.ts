import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ItemContext } from '../transport/itemContext';

/** One operation: how the editor names it, its fields, and what it does with one item. */
export interface Operation {
	entry: Required<Pick<INodePropertyOptions, 'name' | 'action' | 'description'>>;
	/** Shown when the operation is chosen. */
	fields: INodeProperties[];
	/** `all` for operations that mostly wait: their calls are paced by the rate budget. */
	itemsAtOnce?: 'all';
	/** It changes a device or its entry, or is about a campaign: for people and workflows, not for a language model. */
	isKeptFromAgents?: true;
	execute(context: ItemContext): Promise<INodeExecutionData[]>;
}

/** What the editor offers under 'Resource' (`resource` is its value), with its operations by their values. */
export interface Resource {
	displayName: string;
	/** What a term of Defender means, where its name does not say it. */
	description?: string;
	resource: string;
	defaultOperation: string;
	operations: Record<string, Operation>;
}
