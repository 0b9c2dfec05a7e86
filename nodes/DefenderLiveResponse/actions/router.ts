/** The only loop over items: order, pairing, concurrency, and what a refused item becomes. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { systemClock } from '../limits/clock';
import { noEvents } from '../transport/connection';
import { ItemConnections } from '../transport/itemConnections';
import { sideBySide } from '../transport/sideBySide';
import { itemInputs, type ItemInputs } from '../inputs/nodeContext';
import { inOneText, nodeError } from '../inputs/nodeErrors';
import { batchingOf, maxHoldSecondsOf } from '../inputs/runParameters';
import { BatchGate } from './batching';
import { showEvents } from './executionHints';
import { finishedItemsOf } from './finishedItems';
import { ItemTurns } from './itemTurns';
import { answersModel, itemsForModel } from './modelAnswer';
import { isN8nError, type N8nError } from './n8nError';
import { assertOwnArguments } from './ownArguments';
import type { Operation } from './operation';
import { findOperation } from './operations';
import { refusedItem } from './refusedItem';
import { nameStarted, RunEnd, stoppedError } from './runEnd';
import { noteTenant, withTenants } from './tenantField';

/** Calls are paced by the rate budget; this bounds open downloads and waiting items. */
const ITEMS_AT_ONCE = 20;

export async function router(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const first = itemInputs(functions, 0);
	const operation = chosenOperation(first);
	const end = new RunEnd(functions);
	const finished = finishedItemsOf(functions);
	const hints = new Set<string>();
	const events = noEvents();
	const isAllAtOnce = operation.itemsAtOnce === 'all';
	const [beginnings, connecting] = [new ItemTurns(), new ItemTurns()];
	let batches: BatchGate | undefined;
	let connections: ItemConnections | undefined;

	const serve = async (itemIndex: number): Promise<INodeExecutionData[]> => {
		const known = finished.get(itemIndex);
		if (known) return known;
		await beginnings.next();
		try {
			const itemConnections = (connections ??= new ItemConnections(functions, {
				maxHoldMs: Math.max(0, maxHoldSecondsOf(first)) * 1000,
				signal: end.signal,
				wasStopped: end.wasStopped,
				events,
			}));
			batches ??= new BatchGate(batchingOf(first), systemClock, end.signal);
			if (!(await batches.pass())) throw stoppedError(functions);
			const items = await operation.execute({
				...itemInputs(functions, itemIndex, (message) => hints.add(message)),
				connection: async (of = itemIndex) => {
					// Whatever is wrong with the fields of any item is known before the first call.
					if (isAllAtOnce) await beginnings.all();
					await connecting.next();
					return await itemConnections.of(of);
				},
			});
			const paired = items.map((item) => ({ pairedItem: { item: itemIndex }, ...item }));
			noteTenant(paired, connections.tenantOf(itemIndex));
			finished.add(itemIndex, paired);
			return paired;
		} catch (thrown) {
			if (end.isDecided) return [];
			const error = asN8nError(functions, thrown, itemIndex);
			end.rejected(itemIndex, error);
			const item = refusedItem(error, itemIndex, wordingOf(functions, error));
			noteTenant([item], connections?.tenantOf(itemIndex));
			return [item];
		}
	};

	const atOnce = isAllAtOnce ? Infinity : ITEMS_AT_ONCE;
	const inputs = functions.getInputData();
	const served = new Array<INodeExecutionData[]>(inputs.length).fill([]);
	const goesOn = () => !end.signal.aborted;
	await sideBySide(inputs, atOnce, goesOn, async (_input, itemIndex) => {
		served[itemIndex] = await serve(itemIndex);
	});
	const output = end.error ? [] : withTenants(served.flat());
	const shown = answersModel(functions) ? itemsForModel(output) : { items: output, hints: [] };
	for (const hint of shown.hints) hints.add(hint);
	showEvents(functions, events, hints);
	if (end.error) {
		nameStarted(end.error, events.started);
		end.error.message = wordingOf(functions, end.error);
		throw end.error;
	}
	return [shown.items];
}

/** The same for all items: the editor gives these fields no expressions. */
function chosenOperation({ functions, parameter }: ItemInputs): Operation {
	try {
		assertOwnArguments(functions);
		return findOperation(functions, parameter('resource', ''), parameter('operation', ''));
	} catch (thrown) {
		const error = asN8nError(functions, thrown, 0);
		error.message = wordingOf(functions, error);
		throw error;
	}
}

/**
 * n8n hands nothing but the message of an error to a model, and adds a description that it does not
 * find in there word for word.
 */
const wordingOf = (functions: IExecuteFunctions, error: N8nError): string =>
	answersModel(functions) ? inOneText(error) : error.message;

/** n8n's own errors, such as that of an expression, name the user's next step: they go on as they are. */
function asN8nError(functions: IExecuteFunctions, thrown: unknown, itemIndex: number): N8nError {
	const error = isN8nError(thrown)
		? thrown
		: nodeError(functions.getNode(), 'unexpected', {
				message: 'Unexpected error in the node',
				description: `Please report this in the repository of the package, with what you did, and that the error was of the kind ${
					thrown instanceof Error ? thrown.name : typeof thrown
				}.`,
			});
	if (error.context) error.context.itemIndex ??= itemIndex;
	return error;
}
