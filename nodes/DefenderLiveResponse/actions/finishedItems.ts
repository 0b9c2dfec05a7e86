import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { perRun } from '../inputs/perRun';
import { identityOf } from '../runs/nodeCall';

/**
 * Items that are done, kept while n8n's Retry On Fail may run the node again with all of them, and
 * forgotten together with the call.
 */
const remembered = perRun(() => new Map<number, INodeExecutionData[]>());

export interface FinishedItems {
	get(itemIndex: number): INodeExecutionData[] | undefined;
	add(itemIndex: number, items: INodeExecutionData[]): void;
}

const NOTHING: FinishedItems = { get: () => undefined, add: () => {} };

export function finishedItemsOf(functions: IExecuteFunctions): FinishedItems {
	if (functions.getNode().retryOnFail !== true) return NOTHING;
	const call = identityOf(functions);
	if (call === null) return NOTHING;
	const finished = remembered(call);
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
