import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/**
 * Items that are done, kept while n8n's Retry On Fail may run the node again with all of them.
 *
 * n8n hands every try of one node run the same object, and no other run (a loop's next round, a
 * sub-workflow, another node) shares it. Held weakly, it is forgotten together with the run.
 */
const remembered = new WeakMap<object, Map<number, INodeExecutionData[]>>();

export interface FinishedItems {
	get(itemIndex: number): INodeExecutionData[] | undefined;
	add(itemIndex: number, items: INodeExecutionData[]): void;
}

const NOTHING: FinishedItems = { get: () => undefined, add: () => {} };

export function finishedItemsOf(functions: IExecuteFunctions): FinishedItems {
	if (functions.getNode().retryOnFail !== true) return NOTHING;
	const run: unknown = functions.getExecuteData();
	if (typeof run !== 'object' || run === null) return NOTHING;
	const finished = remembered.get(run) ?? new Map<number, INodeExecutionData[]>();
	remembered.set(run, finished);
	return {
		get: (itemIndex) => finished.get(itemIndex)?.map((item) => ({ ...item })),
		add: (itemIndex, items) => {
			finished.set(
				itemIndex,
				items.map((item) => ({ ...item })),
			);
		},
	};
}
