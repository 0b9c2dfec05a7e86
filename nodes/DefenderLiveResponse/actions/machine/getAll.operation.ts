import { filtersCollection } from '../../descriptions/filters';
import { machineFilters } from '../../descriptions/machineFilters';
import { optionsCollection } from '../../descriptions/options';
import { limit, returnAll, simplify } from '../../descriptions/response';
import { simpleMachine } from '../../domain/simplify';
import type { Connection } from '../../transport/connection';
import { searchMachines, type AddressAtTime } from '../../api/machineSearch';
import { filterNamed, ipAddressOf, machineFilterOf } from '../../inputs/machineFilters';
import { limitOf } from '../../inputs/limit';
import { fieldError } from '../../inputs/rejection';
import { timeOf } from '../../inputs/time';
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
	optionsCollection([]),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machines */
export async function execute(context: ItemContext) {
	const filter = machineFilterOf(context);
	const limit = limitOf(context);
	const simple = isSimple(context);
	const connection = await context.connection();
	const address = addressOf(context, connection);
	const machines = await searchMachines(connection, filter, address, limit);
	return machines.map((machine) => simplified(simple, machine, simpleMachine));
}

/** Microsoft keeps addresses for 30 days; an older time would be refused without saying so. */
const KEPT_MS = 30 * 24 * 3_600_000;

function addressOf(context: ItemContext, connection: Connection): AddressAtTime | null {
	const ip = ipAddressOf(context, filterNamed('ipAddress'));
	const time = timeOf(context, filterNamed('ipAddressTime'));
	const now = connection.clock.wallTime();
	if (ip === '') {
		if (time === undefined) return null;
		throw fieldError(context, "'IP Address at Time' is set without 'IP Address'", {
			description: "Add the filter 'IP Address', or use 'Last Seen After' and 'Last Seen Before'.",
		});
	}
	if (time !== undefined && Date.parse(time) < now - KEPT_MS) {
		throw fieldError(context, "'IP Address at Time' is more than 30 days ago", {
			description: 'Defender knows for 30 days which device had which address.',
		});
	}
	return { ip, time: time ?? new Date(now).toISOString() };
}
