/** The trigger in the editor: the last live response that has ended, as an example. */
import type { INodeExecutionData } from 'n8n-workflow';

import { listMachineActions } from '../api/machineActionLists';
import { END_STATUSES } from '../descriptions/trigger';
import { isWanted } from '../domain/actionFilter';
import { createdAt, type MachineAction } from '../domain/machineAction';
import { inOrderOfEnd } from '../domain/pollMemory';
import type { NodeContext } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { deliver } from './delivery';
import { filterOf, type TriggerSettings } from './settings';

const MOST_LOOKED_THROUGH = 100;
/** Somebody is watching. */
const TIME_FOR_RESULTS_MS = 5 * 60_000;

/** Whether it started the workflow or not. */
export async function latest(
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
	const until = connection.clock.now() + TIME_FOR_RESULTS_MS;
	const { items } = await deliver(context, connection, [last], {
		show: settings.show,
		mostPostponed: 0,
		isLastAttempt: () => true,
		beginUntil: until,
		endBy: until,
	});
	return items;
}

function noneError(context: NodeContext, actions: MachineAction[]) {
	return nodeError(context.functions.getNode(), 'noResult', {
		message: 'No live response that has ended matches the fields of this trigger',
		description:
			actions.length < MOST_LOOKED_THROUGH
				? "Start one with the node 'Defender Live Response' and wait until it has ended, or change the filters."
				: `The newest ${MOST_LOOKED_THROUGH} were searched. Change the filters, or publish the workflow: it then starts with the next one that ends.`,
	});
}
