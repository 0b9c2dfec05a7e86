/** The filters of a search for devices, each held against what it can be before any call. */
import {
	DEVICE_VALUES,
	EXPOSURE_LEVELS,
	HEALTH_STATUSES,
	machineFilters,
	ONBOARDING_STATUSES,
	RISK_SCORES,
} from '../descriptions/machineFilters';
import { isIpAddress } from '../domain/ipAddress';
import type { MachineFilter } from '../domain/machineFilter';
import { choicesOf } from './choice';
import { fieldNamed, inFilters, type Field } from './field';
import type { ItemInputs } from './nodeContext';
import { fieldError, notA } from './rejection';
import { textOf } from './text';
import { timeOf } from './time';

export const filterNamed = (name: string): Field => inFilters(fieldNamed(machineFilters, name));

export function machineFilterOf(context: ItemInputs): MachineFilter {
	const text = (name: string) => textOf(context, filterNamed(name));
	return {
		machineId: text('machineId').toLowerCase(),
		computerDnsName: text('computerDnsName'),
		computerDnsNameStartsWith: text('computerDnsNameStartsWith'),
		deviceValue: choicesOf(context, filterNamed('deviceValue'), DEVICE_VALUES),
		exposureLevel: choicesOf(context, filterNamed('exposureLevel'), EXPOSURE_LEVELS),
		healthStatus: choicesOf(context, filterNamed('healthStatus'), HEALTH_STATUSES),
		lastIpAddress: ipAddressOf(context, filterNamed('lastIpAddress')),
		lastSeenAfter: timeOf(context, filterNamed('lastSeenAfter')),
		lastSeenBefore: timeOf(context, filterNamed('lastSeenBefore')),
		onboardingStatus: choicesOf(context, filterNamed('onboardingStatus'), ONBOARDING_STATUSES),
		osPlatform: text('osPlatform'),
		rbacGroupId: groupIdOf(context, filterNamed('rbacGroupId')),
		riskScore: choicesOf(context, filterNamed('riskScore'), RISK_SCORES),
		tag: text('tag'),
		tagStartsWith: text('tagStartsWith'),
	};
}

/** Empty when none is given. */
export function ipAddressOf(context: ItemInputs, field: Field): string {
	const ip = textOf(context, field);
	if (ip === '' || isIpAddress(ip)) return ip;
	throw fieldError(context, `'${field.displayName}' is not an IP address`, {
		description: 'Enter one address, such as 10.248.240.38, without a port or a range.',
	});
}

function groupIdOf(context: ItemInputs, field: Field): number | undefined {
	const id = textOf(context, field);
	if (id === '') return undefined;
	if (/^\d{1,9}$/.test(id)) return Number(id);
	throw notA(
		context,
		field,
		'the number of a device group',
		id,
		"A device shows it as 'rbacGroupId' when 'Simplify' is off; the name of a group does not work.",
	);
}
