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
 *   memory only, and `endings` bears an older one.
 * - A workflow that writes static data itself (a Code node) makes n8n store the static data its
 *   execution began with, which takes the memory back to that; if n8n then restarts before the next
 *   poll with items, those in between start the workflow again.
 */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { pollInputs, type NodeContext } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import { END_STATUSES } from '../descriptions/trigger';
import { isWanted, type ActionFilter } from '../domain/actionFilter';
import {
	attemptsOf,
	endedSince,
	inOrderOfEnd,
	listedSince,
	overlapped,
	remember,
	toLookUp,
	type Memory,
} from '../domain/pollMemory';
import { createdAt, type MachineAction } from '../domain/machineAction';
import { openConnection, type Connection } from '../transport/connection';
import {
	findLiveResponses,
	listMachineActions,
	listRecentAndUnfinished,
} from '../api/machineActionLists';
import { machineIdOf } from '../api/machines';
import { deliver } from './delivery';
import { settingsOf, type TriggerSettings } from './settings';
import { alone, loadMemory, saveMemory } from './storedMemory';

/** A longer hold ends the poll as HTTP 429, and the next one tries again. */
const LONGEST_HOLD_SECONDS = 20;
/** Five calls at the most; the others are looked up by the next polls. */
const MOST_LOOKED_UP = 95;
const MOST_ATTEMPTS = 3;
/** What n8n without a time limit of its own for polls gets. */
const DEFAULT_BUDGET_MS = 5 * 60_000;
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
		const tenantId = connection.app.tenantId.toLowerCase();
		const memory = loadMemory(store, tenantId);
		const filter = await filterOf(connection, settings);
		const since = await whereToBegin(connection, memory, filter);
		const listed = await listRecentAndUnfinished(connection, { ...filter, since });
		const asked = memory ? toLookUp(memory, listed, MOST_LOOKED_UP) : [];
		const found = await findLiveResponses(connection, asked);
		const seen = [...listed, ...found];

		const { items, postponed } = await deliver(
			context,
			connection,
			endedSince(memory, seen, filter),
			{
				show: settings.show,
				mayPostpone: ({ id }) => attemptsOf(memory, id) < MOST_ATTEMPTS - 1,
				timeMs: budgetMs(functions) * SHARE_FOR_RESULTS - (connection.clock.now() - startedAt),
			},
		);
		const foundIds = new Set(found.map(({ id }) => id));
		const missing = asked.filter((id) => !foundIds.has(id));
		const now = connection.clock.wallTime();
		saveMemory(store, remember(memory, { now, tenantId, filter, since, seen, missing, postponed }));
		return items.length > 0 ? [items] : null;
	});
}

/** An order may put those that have no time before the newest. */
const MOST_WITHOUT_TIME = 10;

/** The first look begins shortly before the newest live response: what is older is history. */
async function whereToBegin(
	connection: Connection,
	memory: Memory | null,
	{ machineId }: ActionFilter,
): Promise<number | null> {
	if (memory) return listedSince(memory, connection.clock.wallTime());
	const filter = { type: ['LiveResponse'], machineId: machineId ?? undefined };
	const newest = await listMachineActions(connection, filter, MOST_WITHOUT_TIME);
	const times = newest.map((action) => createdAt(action)).filter((time) => time !== null);
	return times.length > 0 ? overlapped(Math.max(...times)) : null;
}

const MOST_LOOKED_THROUGH = 100;

/** For the editor: the last one that has ended, whether it started the workflow or not. */
async function latest(
	context: NodeContext,
	connection: Connection,
	settings: TriggerSettings,
): Promise<INodeExecutionData[]> {
	const filter = await filterOf(connection, settings);
	const actions = await listMachineActions(
		connection,
		{
			type: ['LiveResponse'],
			status: filter.statuses.length > 0 ? filter.statuses : END_STATUSES,
			machineId: filter.machineId ?? undefined,
		},
		MOST_LOOKED_THROUGH,
	);
	const wanted = actions.filter((action) => isWanted(action, filter));
	const timed = wanted.filter((action) => createdAt(action) !== null);
	const last = inOrderOfEnd(timed.length > 0 ? timed : wanted).at(-1);
	if (!last) throw noneError(context, actions);
	const terms = { show: settings.show, mayPostpone: () => false, timeMs: DEFAULT_BUDGET_MS };
	return (await deliver(context, connection, [last], terms)).items;
}

function noneError(context: NodeContext, actions: MachineAction[]) {
	return nodeError(context.functions.getNode(), 'noResult', {
		message: 'No live response that has ended fits the fields of this trigger',
		description:
			actions.length < MOST_LOOKED_THROUGH
				? "Start one with the node 'Defender Live Response' and wait until it has ended, or change the filters."
				: `The newest ${MOST_LOOKED_THROUGH} were looked through. Change the filters, or activate the workflow: it then starts with the next one that ends.`,
	});
}

async function filterOf(connection: Connection, settings: TriggerSettings): Promise<ActionFilter> {
	const { machine, scriptNames, statuses, commandTypes, startedBy } = settings;
	return {
		machineId: machine.kind === 'empty' ? null : await machineIdOf(connection, machine),
		scriptNames,
		statuses,
		commandTypes,
		startedBy: startedBy && { clientId: connection.app.clientId, ...startedBy },
	};
}

/** n8n before 2.41 has no such limit, and no such function. */
function budgetMs(functions: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return functions.getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS;
}
