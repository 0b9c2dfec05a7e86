/** Which devices are wanted, and whether one of them is it. */
import type { Machine } from './machine';

/** What is undefined or empty does not matter. Times are ISO 8601 in UTC. */
export interface MachineFilter {
	machineId?: string;
	computerDnsName?: string;
	computerDnsNameStartsWith?: string;
	deviceValue?: readonly string[];
	exposureLevel?: readonly string[];
	healthStatus?: readonly string[];
	lastIpAddress?: string;
	lastSeenAfter?: string;
	lastSeenBefore?: string;
	onboardingStatus?: readonly string[];
	osPlatform?: string;
	rbacGroupId?: number;
	riskScore?: readonly string[];
	tag?: string;
	tagStartsWith?: string;
}

/** The API looks devices up by tag or by address without other conditions: they are held here. */
export function machineMatches(machine: Machine, filter: MachineFilter): boolean {
	const name = machine.computerDnsName?.toLowerCase() ?? '';
	const seen = Date.parse(machine.lastSeen ?? '');
	const tags = machine.machineTags ?? [];
	return (
		holds(filter.machineId, (wanted) => machine.id === wanted) &&
		holds(filter.computerDnsName, (wanted) => name === wanted.toLowerCase()) &&
		holds(filter.computerDnsNameStartsWith, (start) => name.startsWith(start.toLowerCase())) &&
		isOneOf(filter.deviceValue, machine.deviceValue) &&
		isOneOf(filter.exposureLevel, machine.exposureLevel) &&
		isOneOf(filter.healthStatus, machine.healthStatus) &&
		holds(filter.lastIpAddress, (wanted) => machine.lastIpAddress === wanted) &&
		holds(filter.lastSeenAfter, (time) => seen >= Date.parse(time)) &&
		holds(filter.lastSeenBefore, (time) => seen <= Date.parse(time)) &&
		isOneOf(filter.onboardingStatus, machine.onboardingStatus) &&
		(filter.rbacGroupId === undefined || machine.rbacGroupId === filter.rbacGroupId) &&
		holds(filter.osPlatform, (wanted) => machine.osPlatform === wanted) &&
		isOneOf(filter.riskScore, machine.riskScore) &&
		holds(filter.tag, (wanted) => tags.includes(wanted)) &&
		holds(filter.tagStartsWith, (start) => tags.some((tag) => tag.startsWith(start)))
	);
}

function holds(wanted: string | undefined, condition: (wanted: string) => boolean): boolean {
	return wanted === undefined || wanted === '' || condition(wanted);
}

function isOneOf(wanted: readonly string[] | undefined, value: string | null | undefined): boolean {
	return wanted === undefined || wanted.length === 0 || (!!value && wanted.includes(value));
}
