import type {
	BinaryHelperFunctions,
	IExecuteFunctions,
	IGetNodeParameterOptions,
	INode,
} from 'n8n-workflow';

/** What reading fields and building items takes: an item of an execution has it, and so has a poll. */
export interface NodeContext {
	functions: { getNode(): INode; helpers: Pick<BinaryHelperFunctions, 'prepareBinaryData'> };
	/** A poll has no input items. */
	itemIndex?: number;
	parameter(name: string, fallback: unknown, options?: IGetNodeParameterOptions): unknown;
	/** Shown once to the user after the run, however many items say it. */
	hint(message: string): void;
}

/** The same for one input item of an execution. */
export interface ItemInputs extends NodeContext {
	functions: IExecuteFunctions;
	itemIndex: number;
}
