/** The only loop over items: order, pairing, concurrency, and what a refused item becomes. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { systemClock } from '../limits/clock';
import { openConnection, type Connection } from '../transport/connection';
import { itemInputs } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import { batchingOf, maxHoldSecondsOf } from '../inputs/runParameters';
import { BatchGate } from './batching';
import { showEvents } from './executionHints';
import { finishedItemsOf } from './finishedItems';
import { answersModel, itemsForModel } from './modelAnswer';
import { isN8nError, type N8nError } from './n8nError';
import { findOperation } from './operations';
import { refusedItem } from './refusedItem';
import type { ItemContext } from '../transport/itemContext';

/** Calls are paced by the rate budget; this bounds open downloads and waiting items. */
const ITEMS_AT_ONCE = 20;

type ItemOutcome =
	{ kind: 'items'; items: INodeExecutionData[] } | { kind: 'refused'; error: N8nError };

export async function router(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const first = itemInputs(functions, 0);
	const operation = findOperation(
		functions,
		first.parameter('resource', ''),
		first.parameter('operation', ''),
	);
	const signal = functions.getExecutionCancelSignal();
	const finished = finishedItemsOf(functions);
	const hints = new Set<string>();
	let batches: BatchGate | undefined;
	let connection: Promise<Connection> | undefined;
	const connect = async () => {
		connection ??= openConnection(functions, { maxHoldSeconds: maxHoldSecondsOf(first), signal });
		return await connection;
	};

	const serve = async (itemIndex: number): Promise<ItemOutcome> => {
		const known = finished.get(itemIndex);
		if (known) return { kind: 'items', items: known };
		const context: ItemContext = {
			...itemInputs(functions, itemIndex, (message) => hints.add(message)),
			connection: connect,
		};
		try {
			maxHoldSecondsOf(first);
			batches ??= new BatchGate(batchingOf(first), systemClock, signal);
			if (!(await batches.pass())) throw stoppedError(functions);
			const items = (await operation.execute(context)).map((item) => ({
				...item,
				pairedItem: { item: itemIndex },
			}));
			finished.add(itemIndex, items);
			return { kind: 'items', items };
		} catch (error) {
			return { kind: 'refused', error: asN8nError(functions, error, itemIndex) };
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
	const shown = answersModel(functions) ? itemsForModel(output) : { items: output, hints: [] };
	for (const hint of shown.hints) hints.add(hint);
	await showEvents(functions, connection, hints);
	if (isRefused) throw refusal.error;
	return [shown.items];
}

function itemsOf(outcome: ItemOutcome, itemIndex: number): INodeExecutionData[] {
	switch (outcome.kind) {
		case 'items':
			return outcome.items;
		case 'refused':
			return [refusedItem(outcome.error, itemIndex)];
	}
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
	nodeError(functions.getNode(), 'canceled', { message: 'The execution was canceled' });

/** n8n's own errors, such as that of an expression, name the user's next step: they go on as they are. */
function asN8nError(functions: IExecuteFunctions, thrown: unknown, itemIndex: number): N8nError {
	const error = isN8nError(thrown)
		? thrown
		: nodeError(functions.getNode(), 'unexpected', {
				message: 'Unexpected error in the node',
				description: `Please report this at the package's repository, with what you did: ${
					thrown instanceof Error ? thrown.name : typeof thrown
				}`,
			});
	if (error.context) error.context.itemIndex ??= itemIndex;
	return error;
}
