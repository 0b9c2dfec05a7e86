/** From the filters of a search for devices to the call that answers it. */
import type { Machine } from '../domain/machine';
import { machineMatches, type MachineFilter } from '../domain/machineFilter';
import type { Connection } from '../transport/connection';
import { listMachines, spellings } from './machines';
import { MOST_COMPARISONS, odataAll, odataAny, odataOneOf, odataString } from '../transport/odata';
import { apiPath } from '../transport/paths';

/** An address and the time (ISO 8601, UTC) at which a device had it. */
export interface AddressAtTime {
	ip: string;
	time: string;
}

/**
 * Devices by all the filters at once. The API has three ways: by address and time, by tag, and a
 * list with conditions. It takes no conditions with the first two, so theirs are held here.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/find-machines-by-ip
 * https://learn.microsoft.com/en-us/defender-endpoint/api/find-machines-by-tag
 */
export async function searchMachines(
	connection: Connection,
	filter: MachineFilter,
	address: AddressAtTime | null,
	limit: number,
): Promise<Machine[]> {
	const lookUp = address ? byAddress(address) : byTag(filter);
	if (lookUp) {
		const found = await listMachines(connection, { ...lookUp, limit: Infinity });
		return found.filter((machine) => machineMatches(machine, filter)).slice(0, limit);
	}
	const { $filter, isWhole } = machineConditions(filter);
	const query: Record<string, string> = $filter ? { $filter } : {};
	if (isWhole) return await listMachines(connection, { query, limit });
	const found = await listMachines(connection, { query, limit: Infinity });
	return found.filter((machine) => machineMatches(machine, filter)).slice(0, limit);
}

/** Colons stand in the path as they are, as in Microsoft's example. */
function byAddress({ ip, time }: AddressAtTime) {
	const [day, clock] = new Date(time).toISOString().slice(0, 19).split('T');
	const [hours, minutes, seconds] = clock.split(':');
	return {
		path: apiPath`/machines/findbyip(ip='${ip}',timestamp=${day}T${hours}:${minutes}:${seconds}Z)`,
	};
}

function byTag({ tag, tagStartsWith }: MachineFilter) {
	const wanted = tag || tagStartsWith;
	if (!wanted) return null;
	return {
		path: apiPath`/machines/findbytag`,
		query: { tag: wanted, useStartsWithFilter: String(!tag) },
	};
}

/**
 * The conditions as OData, without those on tags, as far as they fit into a filter: `$filter` is
 * undefined when there is none, and `isWhole` says whether all of them fit.
 */
function machineConditions(filter: MachineFilter) {
	const conditions = [
		filter.machineId ? `id eq ${odataString(filter.machineId)}` : null,
		filter.computerDnsName
			? odataOneOf('computerDnsName', spellings(filter.computerDnsName))
			: null,
		filter.computerDnsNameStartsWith ? nameStartsWith(filter.computerDnsNameStartsWith) : null,
		odataOneOf('deviceValue', filter.deviceValue ?? []),
		odataOneOf('exposureLevel', filter.exposureLevel ?? []),
		odataOneOf('healthStatus', filter.healthStatus ?? []),
		filter.lastIpAddress ? `lastIpAddress eq ${odataString(filter.lastIpAddress)}` : null,
		filter.lastSeenAfter ? `lastSeen ge ${filter.lastSeenAfter}` : null,
		filter.lastSeenBefore ? `lastSeen le ${filter.lastSeenBefore}` : null,
		odataOneOf('onboardingStatus', filter.onboardingStatus ?? []),
		filter.rbacGroupId === undefined ? null : `rbacGroupId eq ${filter.rbacGroupId}`,
		filter.osPlatform ? `osPlatform eq ${odataString(filter.osPlatform)}` : null,
		odataOneOf('riskScore', filter.riskScore ?? []),
	];
	let comparisons = 0;
	const fitting = conditions.filter((condition) => {
		const more = condition === null ? 0 : condition.split(' or ').length;
		if (comparisons + more > MOST_COMPARISONS) return false;
		comparisons += more;
		return true;
	});
	return { $filter: odataAll(fitting), isWhole: fitting.length === conditions.length };
}

export function nameStartsWith(start: string): string | null {
	return odataAny(
		spellings(start).map((spelling) => `startswith(computerDnsName,${odataString(spelling)})`),
	);
}
