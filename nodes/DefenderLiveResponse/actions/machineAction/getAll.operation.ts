import { filtersCollection } from '../../descriptions/filters';
import {
	ACTION_TYPES,
	machineActionFilters,
	STATUSES,
} from '../../descriptions/machineActionFilters';
import { optionsCollection } from '../../descriptions/options';
import { limit, returnAll, simplify } from '../../descriptions/response';
import type { Connection } from '../../transport/connection';
import { listMachineActions, type MachineActionFilter } from '../../api/machineActionLists';
import { machineIdOf } from '../../api/machines';
import { choiceFilter, limitOf, textFilter, timeFilter } from '../../inputs/filterParameters';
import { machineParameter } from '../../inputs/machineParameter';
import { simplifiedAction } from '../../inputs/simplified';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get Many',
	action: 'Get many machine actions',
	description: 'List machine actions by status, device, requestor and time',
};

export const fields: Operation['fields'] = [
	returnAll,
	limit,
	filtersCollection(machineActionFilters),
	simplify,
	optionsCollection([]),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection */
export async function execute(context: ItemContext) {
	const filter = filterOf(context);
	const limit = limitOf(context);
	const connection = await context.connection();
	const machineId = await machineIdFilter(context, connection);
	const actions = await listMachineActions(connection, { ...filter, machineId }, limit);
	return actions.map((action) => simplifiedAction(context, action));
}

function filterOf(context: ItemContext): MachineActionFilter {
	return {
		createdAfter: timeFilter(context, 'createdAfter', 'Created After'),
		createdBefore: timeFilter(context, 'createdBefore', 'Created Before'),
		requestor: textFilter(context, 'requestor'),
		status: choiceFilter(context, 'status', 'Status', STATUSES),
		type: choiceFilter(context, 'type', 'Type', ACTION_TYPES),
	};
}

async function machineIdFilter(
	context: ItemContext,
	connection: Connection,
): Promise<string | undefined> {
	const reference = machineParameter(context, 'filters.machineId');
	return reference.kind === 'empty' ? undefined : await machineIdOf(connection, reference);
}
