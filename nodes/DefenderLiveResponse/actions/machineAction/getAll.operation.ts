import { filtersCollection } from '../../descriptions/filters';
import {
	ACTION_TYPES,
	machineActionFilters,
	STATUSES,
} from '../../descriptions/machineActionFilters';
import { optionsCollection } from '../../descriptions/options';
import { limit, returnAll, simplify } from '../../descriptions/response';
import { listMachineActions, type MachineActionFilter } from '../../api/machineActionLists';
import { machineIdOf } from '../../api/machines';
import { choicesOf } from '../../inputs/choice';
import { fieldNamed, inFilters } from '../../inputs/field';
import { limitOf } from '../../inputs/limit';
import { textOf } from '../../inputs/text';
import { timeOf } from '../../inputs/time';
import { machineParameter } from '../../inputs/machineParameter';
import { isSimple, simplifiedAction } from '../../inputs/simplified';
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
	optionsCollection(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineactions-collection */
export async function execute(context: ItemContext) {
	const filter = filterOf(context);
	const limit = limitOf(context);
	const reference = machineParameter(context, filterNamed('machineId'));
	const simple = isSimple(context);
	const connection = await context.connection();
	const machineId =
		reference.kind === 'empty' ? undefined : await machineIdOf(connection, reference);
	const actions = await listMachineActions(connection, { ...filter, machineId }, limit);
	return actions.map((action) => simplifiedAction(simple, action));
}

const filterNamed = (name: string) => inFilters(fieldNamed(machineActionFilters, name));

function filterOf(context: ItemContext): MachineActionFilter {
	return {
		createdAfter: timeOf(context, filterNamed('createdAfter')),
		createdBefore: timeOf(context, filterNamed('createdBefore')),
		requestor: textOf(context, filterNamed('requestor')),
		status: choicesOf(context, filterNamed('status'), STATUSES),
		type: choicesOf(context, filterNamed('type'), ACTION_TYPES),
	};
}
