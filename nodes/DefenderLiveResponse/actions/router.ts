/** The only loop over items: order, pairing, concurrency, and what a refused item becomes. */
import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { systemClock } from '../limits/clock';
import { openConnection, type Connection } from '../transport/connection';
import { BatchGate, batchingOf } from './batching';
import { showEvents } from './executionHints';
import { finishedItemsOf } from './finishedItems';
import {
	answersModel,
	cutForModel,
	CUT_HINT,
	fewerForModel,
	FEWER_ITEMS_HINT,
} from './modelAnswer';
import { findOperation } from './operations';
import type { ItemContext } from '../transport/itemContext';

/** Calls are paced by the rate budget; this bounds open downloads and waiting items. */
const ITEMS_AT_ONCE = 20;

type ItemOutcome =
	{ kind: 'items'; items: INodeExecutionData[] } | { kind: 'refused'; error: NodeError };
type NodeError = NodeApiError | NodeOperationError;

export async function router(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = findOperation(
		functions,
		functions.getNodeParameter('resource', 0),
		functions.getNodeParameter('operation', 0),
	);
	const signal = functions.getExecutionCancelSignal();
	const batches = new BatchGate(batchingOf(functions), systemClock, signal);
	const finished = finishedItemsOf(functions);
	const hints = new Set<string>();
	let connection: Promise<Connection> | undefined;
	const connect = async () => {
		connection ??= openConnection(functions, {
			maxHoldSeconds: maxHoldSecondsOf(functions),
			signal,
		});
		return await connection;
	};

	const serve = async (itemIndex: number): Promise<ItemOutcome> => {
		const known = finished.get(itemIndex);
		if (known) return { kind: 'items', items: known };
		if (!(await batches.pass())) return { kind: 'refused', error: stoppedError(functions) };
		const context: ItemContext = {
			functions,
			itemIndex,
			parameter: (name, fallback, options) =>
				functions.getNodeParameter(name, itemIndex, fallback, options),
			connection: connect,
			hint: (message) => hints.add(message),
		};
		try {
			const items = (await operation.execute(context)).map((item) => {
				const cut = answersModel(functions) ? cutForModel(item.json) : null;
				if (cut) hints.add(CUT_HINT);
				return { ...item, ...(cut ? { json: cut } : {}), pairedItem: { item: itemIndex } };
			});
			finished.add(itemIndex, items);
			return { kind: 'items', items };
		} catch (error) {
			return { kind: 'refused', error: asNodeError(functions, error, itemIndex) };
		}
	};

	const outcomes = await serveAll(
		functions,
		serve,
		operation.itemsAtOnce === 'all' ? Infinity : ITEMS_AT_ONCE,
	);
	const refusal = outcomes.find((outcome) => outcome?.kind === 'refused');
	const isRefused = refusal !== undefined && !functions.continueOnFail();
	const output = isRefused ? [] : outcomes.flatMap(itemsOf);
	const fewer = answersModel(functions) ? fewerForModel(output) : null;
	if (fewer) hints.add(FEWER_ITEMS_HINT);
	await showEvents(functions, connection, hints);
	if (isRefused) throw refusal.error;
	return [fewer ?? output];
}

function itemsOf(outcome: ItemOutcome, itemIndex: number): INodeExecutionData[] {
	switch (outcome.kind) {
		case 'items':
			return outcome.items;
		case 'refused':
			return [refusedItem(outcome.error, itemIndex)];
	}
}

const DEFAULT_HOLD_SECONDS = 300;

function maxHoldSecondsOf(functions: IExecuteFunctions): number {
	const name = 'options.maxRateLimitWaitSeconds';
	const value = Number(functions.getNodeParameter(name, 0, DEFAULT_HOLD_SECONDS));
	return Number.isFinite(value) ? value : DEFAULT_HOLD_SECONDS;
}

/**
 * Serves items side by side, results in input order. After a refusal the rest is served only when
 * that is of use: when the refused item becomes an item itself, or when n8n will try again.
 */
async function serveAll(
	functions: IExecuteFunctions,
	serve: (itemIndex: number) => Promise<ItemOutcome>,
	itemsAtOnce: number,
): Promise<ItemOutcome[]> {
	const count = functions.getInputData().length;
	const goesOn = functions.continueOnFail() || functions.getNode().retryOnFail === true;
	const outcomes = new Array<ItemOutcome>(count);
	let next = 0;
	let stopped = false;
	const worker = async () => {
		while (next < count && !stopped) {
			const itemIndex = next++;
			const outcome = await serve(itemIndex);
			outcomes[itemIndex] = outcome;
			const cancelled = functions.getExecutionCancelSignal()?.aborted === true;
			if (cancelled || (outcome.kind === 'refused' && !goesOn)) stopped = true;
		}
	};
	await Promise.all(Array.from({ length: Math.min(itemsAtOnce, count) }, worker));
	return outcomes;
}

const stoppedError = (functions: IExecuteFunctions) =>
	new NodeOperationError(functions.getNode(), 'The execution was canceled');

function asNodeError(functions: IExecuteFunctions, error: unknown, itemIndex: number): NodeError {
	const known = error instanceof NodeApiError || error instanceof NodeOperationError;
	const nodeError = known
		? error
		: new NodeOperationError(functions.getNode(), 'The node met something it was not built for', {
				description: `Please report this at the package's repository, with what you did: ${
					error instanceof Error ? error.name : typeof error
				}`,
			});
	nodeError.context.itemIndex ??= itemIndex;
	return nodeError;
}

/** n8n sends items with only these fields to the error output, when the node has one. */
function refusedItem(error: NodeError, itemIndex: number): INodeExecutionData {
	const httpCode = error instanceof NodeApiError ? error.httpCode : null;
	return {
		json: {
			error: error.message,
			details: {
				...(error.description ? { description: error.description } : {}),
				...(httpCode ? { httpCode } : {}),
			},
		},
		pairedItem: { item: itemIndex },
	};
}
