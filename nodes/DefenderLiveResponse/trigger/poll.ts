/**
 * One poll: which live responses have ended since the last one, as items.
 *
 * What is guaranteed. Everything a poll knows is written to n8n's static data at its very end, after
 * all calls, so a poll that fails changes nothing and the next one finds the same.
 * - With n8n's durable poll cursors (N8N_POLLER_DURABLE_CURSORS_ENABLED and what it requires), n8n
 *   stores the memory and the execution in one transaction: exactly once, whenever n8n crashes.
 * - Otherwise n8n stores the memory first and the execution right after it, within milliseconds. It
 *   is exactly once unless n8n dies between the two: then the live responses of that one poll do not
 *   start the workflow. They never start it twice. A crash before that repeats the poll.
 * - What n8n does not store, it does not miss: it keeps the memory of polls without items in its own
 *   memory only, and `pollMemory` bears an older one.
 * - A workflow that writes static data itself (a Code node) makes n8n store the static data its
 *   execution began with, which takes the memory back to that; if n8n then restarts before the next
 *   poll with items, those in between start the workflow again.
 */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { pollInputs } from '../inputs/nodeContext';
import type { ActionFilter } from '../domain/actionFilter';
import { attemptsOf, endedSince, MOST_POSTPONED, remember, toLookUp } from '../domain/pollMemory';
import { sinceOf } from '../domain/pollWindow';
import { createdAt } from '../domain/machineAction';
import { openConnection, type Connection } from '../transport/connection';
import { listMachineActions, listRecentAndUnfinished } from '../api/machineActionLists';
import { deliver } from './delivery';
import { latest } from './latest';
import { lookUp } from './lookUp';
import { reportLosses, reportUnclear } from './reports';
import { filterOf, settingsOf } from './settings';
import { alone, loadMemory, saveMemory } from './storedMemory';

/** A longer hold ends the poll as HTTP 429, and the next one tries again. */
const LONGEST_HOLD_SECONDS = 20;
/** How many polls try to fetch a result before its item comes without: a workflow must not wait for ever. */
const MOST_ATTEMPTS = 3;
/** What n8n without a time limit of its own for polls gets. */
const DEFAULT_BUDGET_MS = 5 * 60_000;
/** Results that are not begun by then come with the next poll. */
const SHARE_FOR_BEGINNING = 0.6;
/** The rest is for handing over. */
const SHARE_FOR_RESULTS = 0.8;

/** Items for n8n to start the workflow with; null when nothing has ended. */
export async function poll(functions: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const context = pollInputs(functions);
	const settings = settingsOf(context);
	const connection = await openConnection(functions, { maxHoldSeconds: LONGEST_HOLD_SECONDS });
	if (functions.getMode() === 'manual') return [await latest(context, connection, settings)];

	const store = functions.getWorkflowStaticData('node');
	return await alone(store, async () => {
		const startedAt = connection.clock.now();
		const budgetMs = budgetMsOf(functions);
		const owner = {
			tenantId: connection.app.tenantId.toLowerCase(),
			workflowId: functions.getWorkflow().id ?? '',
		};
		const memory = loadMemory(store, owner);
		const filter = await filterOf(connection, settings);
		const device = JSON.stringify(settings.machine);
		const since = memory ? memory.since : await whereToBegin(connection, filter);
		const listed = await listRecentAndUnfinished(connection, { ...filter, since });
		const { found, missing } = await lookUp(connection, memory ? toLookUp(memory, listed) : []);
		const seen = [...listed, ...found];

		const ended = endedSince(memory, seen, { filter, device });
		const { items, postponed } = await deliver(context, connection, ended, {
			show: settings.show,
			mostPostponed: MOST_POSTPONED,
			isLastAttempt: ({ id }) => attemptsOf(memory, id) >= MOST_ATTEMPTS - 1,
			beginUntil: startedAt + budgetMs * SHARE_FOR_BEGINNING,
			endBy: startedAt + budgetMs * SHARE_FOR_RESULTS,
		});
		const now = connection.clock.wallTime();
		const next = remember(memory, {
			...owner,
			now,
			filter,
			device,
			since,
			seen,
			missing,
			postponed,
		});
		saveMemory(store, next.memory);
		reportUnclear(functions, memory, seen, filter);
		reportLosses(functions, {
			vanished: next.vanished.length,
			crowdedOut: Math.max(0, next.memory.crowdedOut - (memory?.crowdedOut ?? 0)),
		});
		return items.length > 0 ? [items] : null;
	});
}

/** An order may put those that have no time, or one far ahead, before the newest. */
const MOST_WITHOUT_TIME = 10;

/** The first look begins shortly before the newest live response: what is older is history. */
async function whereToBegin(
	connection: Connection,
	{ machineId }: ActionFilter,
): Promise<number | null> {
	const filter = { type: ['LiveResponse'], machineId: machineId ?? undefined };
	const newest = await listMachineActions(connection, filter, MOST_WITHOUT_TIME);
	return sinceOf(null, newest.map(createdAt), connection.clock.wallTime());
}

/** n8n before 2.41 has no such limit, and no such function. */
function budgetMsOf(functions: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return functions.getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS;
}
