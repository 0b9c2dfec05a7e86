import { filtersCollection } from '../../descriptions/filters';
import { machineFilters } from '../../descriptions/machineFilters';
import { optionsCollection } from '../../descriptions/options';
import { limit, returnAll, simplify } from '../../descriptions/response';
import { simpleMachine } from '../../domain/simplify';
import { searchMachines } from '../../api/machineSearch';
import { addressAtTime } from '../../inputs/addressAtTime';
import { machineFilterOf } from '../../inputs/machineFilters';
import { limitOf } from '../../inputs/limit';
import { isSimple, simplified } from '../../inputs/simplified';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';

export const entry: Operation['entry'] = {
	name: 'Get Many',
	action: 'Get many devices',
	description: 'Find devices by name, tag, IP address and other properties',
};

export const fields: Operation['fields'] = [
	returnAll,
	limit,
	filtersCollection(machineFilters),
	simplify,
	optionsCollection(),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machines */
export async function execute(context: ItemContext) {
	const filter = machineFilterOf(context);
	const limit = limitOf(context);
	const simple = isSimple(context);
	const connection = await context.connection();
	const address = addressAtTime(context, connection.clock.wallTime());
	const machines = await searchMachines(connection, filter, address, limit);
	return machines.map((machine) => simplified(simple, machine, simpleMachine));
}
