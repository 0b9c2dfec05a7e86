/** What ended live responses become: items, or something to try again at the next poll. */
import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INodeExecutionData,
} from 'n8n-workflow';

import type { NodeContext } from '../inputs/nodeContext';
import { commandItem, outcomeItem, type ResultOptions } from '../results/resultItems';
import type { Look } from '../domain/pollMemory';
import { commandsInOrder, type MachineAction } from '../domain/machineAction';
import { simpleMachineAction } from '../domain/simplify';
import type { Connection } from '../transport/connection';
import type { TriggerSettings } from './settings';

export interface Delivery {
	items: INodeExecutionData[];
	postponed: Map<string, { attempted: boolean }>;
}

export interface DeliveryTerms {
	show: TriggerSettings['show'];
	/** Whether results that cannot be had now may be fetched by a later poll. */
	mayPostpone(action: MachineAction): boolean;
	/** How long fetching results may take, in milliseconds. */
	timeMs: number;
}

/** More of them would take too much of a minute, and of the API's limit. */
const MOST_WITH_RESULTS = 25;
const ACTIONS_AT_ONCE = 4;

type Outcome = { kind: 'items'; items: INodeExecutionData[] } | Postponed;
type Postponed = { kind: 'postponed'; attempted: boolean };

const LATER: Postponed = { kind: 'postponed', attempted: false };

export async function deliver(
	context: NodeContext,
	connection: Connection,
	actions: readonly MachineAction[],
	terms: DeliveryTerms,
): Promise<Delivery> {
	const { show } = terms;
	if (show.kind === 'action') {
		const items = actions.map((action) => actionItem(action, show.isSimple));
		return { items, postponed: new Map() };
	}
	// Ends what waits for the API or a file, so that one slow file does not hold back the others.
	const signal = AbortSignal.timeout(Math.max(1, Math.floor(terms.timeMs)));
	const timed = { ...connection, signal };
	const outcomes = new Array<Outcome>(actions.length).fill(LATER);
	let next = 0;
	const worker = async () => {
		while (next < Math.min(actions.length, MOST_WITH_RESULTS) && !signal.aborted) {
			const at = next++;
			const mayPostpone = terms.mayPostpone(actions[at]);
			outcomes[at] = await withResults(context, timed, actions[at], show.options, mayPostpone);
		}
	};
	await Promise.all(Array.from({ length: ACTIONS_AT_ONCE }, worker));
	return sorted(actions, outcomes);
}

function sorted(actions: readonly MachineAction[], outcomes: Outcome[]): Delivery {
	const items: INodeExecutionData[] = [];
	const postponed = new Map<string, { attempted: boolean }>() satisfies Look['postponed'];
	for (const [at, outcome] of outcomes.entries()) {
		switch (outcome.kind) {
			case 'items':
				items.push(...outcome.items);
				break;
			case 'postponed':
				postponed.set(actions[at].id, { attempted: outcome.attempted });
				break;
		}
	}
	return { items, postponed };
}

/** One item a command. A result that cannot be had leaves its command's item with the reason. */
async function withResults(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	options: ResultOptions,
	mayPostpone: boolean,
): Promise<Outcome> {
	const commands = commandsInOrder(action);
	if (commands.length === 0) return { kind: 'items', items: [actionItem(action, true)] };
	const settled = await Promise.allSettled(
		commands.map(
			async (command) => await commandItem(context, connection, action, command, options),
		),
	);
	const isTimeOver = connection.signal?.aborted === true;
	const mayCome = settled.some(
		(result) => result.status === 'rejected' && (isTimeOver || isPassing(result.reason)),
	);
	if (mayCome && mayPostpone) return { kind: 'postponed', attempted: true };
	return {
		kind: 'items',
		items: settled.map((result, at) =>
			result.status === 'fulfilled'
				? result.value
				: outcomeItem(action, commands[at], isTimeOver ? TIME_OVER : reasonOf(result.reason)),
		),
	};
}

function actionItem(action: MachineAction, isSimple: boolean): INodeExecutionData {
	return { json: (isSimple ? simpleMachineAction(action) : action.sent) as unknown as IDataObject };
}

const READ_LATER = "Read it with the operation 'Parse Transcript' or 'Download'.";

const TIME_OVER = `The result could not be fetched within the time a poll has. ${READ_LATER}`;

function reasonOf(error: unknown): string {
	if (!(error instanceof NodeApiError) && !(error instanceof NodeOperationError)) {
		return `The result could not be fetched. ${READ_LATER}`;
	}
	const { message, description } = error;
	return `${message}. ${description ?? READ_LATER}`;
}

/** Trouble of the service, the network or the sign-in, not of this result. */
function isPassing(error: unknown): boolean {
	if (!(error instanceof NodeApiError)) return false;
	const status = Number(error.httpCode ?? 0);
	return status === 0 || status === 401 || status === 429 || status >= 500;
}
