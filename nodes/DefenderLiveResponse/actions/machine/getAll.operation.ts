import { filtersCollection } from '../../descriptions/filters';
import { HEALTH_STATUSES, machineFilters, RISK_SCORES } from '../../descriptions/machineFilters';
import { optionsCollection } from '../../descriptions/options';
import { limit, returnAll, simplify } from '../../descriptions/response';
import type { MachineFilter } from '../../domain/machineFilter';
import { simpleMachine } from '../../domain/simplify';
import type { Connection } from '../../transport/connection';
import { searchMachines, type AddressAtTime } from '../../api/machineSearch';
import { choicesOf } from '../../inputs/choice';
import { fieldNamed, inFilters } from '../../inputs/field';
import { limitOf } from '../../inputs/limit';
import { fieldError } from '../../inputs/rejection';
import { textOf } from '../../inputs/text';
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
	const filter = filterOf(context);
	const limit = limitOf(context);
	const simple = isSimple(context);
	const connection = await context.connection();
	const address = addressOf(context, connection);
	const machines = await searchMachines(connection, filter, address, limit);
	return machines.map((machine) => simplified(simple, machine, simpleMachine));
}

const filterNamed = (name: string) => inFilters(fieldNamed(machineFilters, name));

function filterOf(context: ItemContext): MachineFilter {
	const text = (name: string) => textOf(context, filterNamed(name));
	return {
		machineId: text('machineId').toLowerCase(),
		computerDnsName: text('computerDnsName'),
		computerDnsNameStartsWith: text('computerDnsNameStartsWith'),
		healthStatus: choicesOf(context, filterNamed('healthStatus'), HEALTH_STATUSES),
		lastSeenAfter: timeOf(context, filterNamed('lastSeenAfter')),
		lastSeenBefore: timeOf(context, filterNamed('lastSeenBefore')),
		osPlatform: text('osPlatform'),
		riskScore: choicesOf(context, filterNamed('riskScore'), RISK_SCORES),
		tag: text('tag'),
		tagStartsWith: text('tagStartsWith'),
	};
}

const IP_ADDRESS =
	/^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*(?::[0-9a-f]*){2,7}(?:\d{1,3}(?:\.\d{1,3}){3})?)$/i;
/** Microsoft keeps addresses for 30 days; an older time would be refused without saying so. */
const KEPT_MS = 30 * 24 * 3_600_000;

function addressOf(context: ItemContext, connection: Connection): AddressAtTime | null {
	const ip = textOf(context, filterNamed('ipAddress'));
	const time = timeOf(context, filterNamed('ipAddressTime'));
	const now = connection.clock.wallTime();
	if (ip === '') {
		if (time === undefined) return null;
		throw fieldError(context, "'IP Address at Time' is set without 'IP Address'", {
			description: "Add the filter 'IP Address', or use 'Last Seen After' and 'Last Seen Before'.",
		});
	}
	if (!IP_ADDRESS.test(ip)) {
		throw fieldError(context, "'IP Address' is not an IP address", {
			description: 'Enter one address, such as 10.248.240.38, without a port or a range.',
		});
	}
	if (time !== undefined && Date.parse(time) < now - KEPT_MS) {
		throw fieldError(context, "'IP Address at Time' is more than 30 days ago", {
			description: 'Defender knows for 30 days which device had which address.',
		});
	}
	return { ip, time: time ?? new Date(now).toISOString() };
}
