/** What ended live responses become: items, or something to try again at the next poll. */
import { NodeApiError, type INodeExecutionData } from 'n8n-workflow';

import type { NodeContext } from '../inputs/nodeContext';
import { detailsOf } from '../inputs/nodeErrors';
import { simplifiedAction } from '../inputs/simplified';
import { outcomeItem } from '../results/commandItems';
import { unfetchedReason } from '../results/unfetched';
import { commandsInOrder, type MachineAction } from '../domain/machineAction';
import { bounded, type Connection } from '../transport/connection';
import { isPassingStatus } from '../transport/passingStatus';
import { sideBySide } from '../transport/sideBySide';
import { shownCommand } from './shownCommand';
import type { ShownResults, TriggerSettings } from './settings';

export interface Delivery {
	items: INodeExecutionData[];
	postponed: Map<string, { attempted: boolean }>;
}

export interface DeliveryTerms {
	show: TriggerSettings['show'];
	/** How many may wait for a later poll; those that ended last do. */
	mostPostponed: number;
	/** Whether results that cannot be had now are not tried again. */
	isLastAttempt(action: MachineAction): boolean;
	/** Until when results may be begun to be fetched, and when all must be there; clock times. */
	beginUntil: number;
	endBy: number;
}

/** A slow file holds no other back, and few are under way when a limit or the end of the time comes. */
const ACTIONS_AT_ONCE = 4;

type Outcome = { kind: 'items'; items: INodeExecutionData[] } | Postponed;
type Postponed = { kind: 'postponed'; attempted: boolean };

/** The oldest come first; what the time does not suffice for is postponed. */
export async function deliver(
	context: NodeContext,
	connection: Connection,
	actions: readonly MachineAction[],
	terms: DeliveryTerms,
): Promise<Delivery> {
	const { show } = terms;
	if (show.kind === 'action') {
		const items = actions.map((action) => simplifiedAction(show.isSimple, action));
		return { items, postponed: new Map() };
	}
	const { clock } = connection;
	const mayWait = (at: number) => actions.length - at <= terms.mostPostponed;
	const outcomes = actions.map((action, at) => unbegun(action, mayWait(at)));
	// Ends what waits for the API or a file, so that one slow file does not hold back the others.
	const timeMs = Math.max(1, Math.floor(terms.endBy - clock.now()));
	const timed = bounded(connection, { signal: AbortSignal.timeout(timeMs) });
	let isLimited = false;
	const goesOn = () => !isLimited && clock.now() < terms.beginUntil;
	await sideBySide(actions, ACTIONS_AT_ONCE, goesOn, async (action, at) => {
		const outcome = await withResults(context, timed, action, show, {
			afterLimit: mayWait(at),
			afterFailure: mayWait(at) && !terms.isLastAttempt(action),
		});
		if (outcome.kind === 'limited') isLimited = true;
		else outcomes[at] = outcome;
	});
	return sorted(actions, outcomes);
}

function unbegun(action: MachineAction, mayWait: boolean): Outcome {
	if (mayWait) return { kind: 'postponed', attempted: false };
	const items = commandsInOrder(action).map((command) => outcomeItem(action, command, TIME_OVER));
	return { kind: 'items', items: items.length > 0 ? items : [simplifiedAction(true, action)] };
}

function sorted(actions: readonly MachineAction[], outcomes: readonly Outcome[]): Delivery {
	const items: INodeExecutionData[] = [];
	const postponed = new Map<string, { attempted: boolean }>();
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

/**
 * One item a command. A result that cannot be had leaves its command's item with the reason. A limit
 * that is used up is no attempt: the results come when calls may be made again.
 */
async function withResults(
	context: NodeContext,
	connection: Connection,
	action: MachineAction,
	show: ShownResults,
	postpones: { afterLimit: boolean; afterFailure: boolean },
): Promise<Outcome | { kind: 'limited' }> {
	const commands = commandsInOrder(action);
	if (commands.length === 0) return { kind: 'items', items: [simplifiedAction(true, action)] };
	const settled = await Promise.allSettled(
		commands.map(async (command) => await shownCommand(context, connection, action, command, show)),
	);
	const isTimeOver = connection.signal?.aborted === true;
	const failures = settled.flatMap((result) =>
		result.status === 'rejected' ? [result.reason as unknown] : [],
	);
	if (postpones.afterLimit && failures.some(isLimit)) return { kind: 'limited' };
	if (postpones.afterFailure && failures.some((reason) => isTimeOver || isPassing(reason))) {
		return { kind: 'postponed', attempted: true };
	}
	return {
		kind: 'items',
		items: settled.map((result, at) =>
			result.status === 'fulfilled'
				? result.value
				: outcomeItem(action, commands[at], isTimeOver ? TIME_OVER : reasonOf(result.reason)),
		),
	};
}

const READ_LATER = "Read it with the operation 'Get Script Output' or 'Download'.";

const TIME_OVER = `The result could not be fetched within the time of one poll. ${READ_LATER}`;

const reasonOf = (error: unknown): string =>
	unfetchedReason(error) ?? `The result could not be fetched. ${READ_LATER}`;

/** The API's limit holds back every call of the poll; that of the store, one file. */
const isLimit = (error: unknown): boolean =>
	error instanceof NodeApiError && detailsOf(error)?.code === 'rateLimited';

/** Trouble of the service, the network or the sign-in, not of this result. */
function isPassing(error: unknown): boolean {
	if (!(error instanceof NodeApiError)) return false;
	const status = error.httpCode === null ? null : Number(error.httpCode);
	return status === null || status === 401 || isPassingStatus(status);
}
