/** The devices of a campaign: those that fit filters, or those that the input items name. */
import { listMachines } from '../api/machines';
import { notOneError } from '../api/machineChoice';
import { searchMachines } from '../api/machineSearch';
import { campaignMachine, devicesFrom } from '../descriptions/campaign';
import {
	chooseMachine,
	takesCampaigns,
	type Machine,
	type MachineReference,
} from '../domain/machine';
import type { MachineFilter } from '../domain/machineFilter';
import { addressAtTime } from '../inputs/addressAtTime';
import { choiceOf } from '../inputs/choice';
import { machineFilterOf } from '../inputs/machineFilters';
import { machineParameter } from '../inputs/machineParameter';
import { itemInputs, type ItemInputs } from '../inputs/nodeContext';
import { fieldError } from '../inputs/rejection';
import type { Connection } from '../transport/connection';
import type { ItemContext } from '../transport/itemContext';

/** A device, and the input item whose fields hold for it. */
export interface AskedDevice {
	machine: Machine;
	itemIndex: number;
	/** Further items that name it. */
	alsoItems: number[];
}

export type DeviceSource =
	| { kind: 'filters'; filter: MachineFilter; address: { ip: string; time: string } | null }
	| { kind: 'items'; named: Array<{ reference: MachineReference; context: ItemInputs }> };

/** Whether the first item stands for all of them. */
export const isForAllItems = (context: ItemInputs): boolean =>
	choiceOf(context, devicesFrom) === 'items';

/** Read before any call. @param now milliseconds since 1970 */
export function deviceSourceOf(context: ItemInputs, now: number): DeviceSource {
	if (isForAllItems(context)) {
		const named = context.functions.getInputData().map((_item, at) => {
			const own = itemInputs(context.functions, at, context.hint);
			return { reference: referenceOf(own), context: own };
		});
		return { kind: 'items', named };
	}
	const filter = machineFilterOf(context);
	const address = addressAtTime(context, now);
	const isEmpty = Object.values(filter).every((value) => value === undefined || value.length === 0);
	if (isEmpty && address === null) {
		throw fieldError(context, "'Filters' is empty", {
			description:
				"Add at least one filter. To include all devices of the tenant, add 'Onboarding Status' with the value 'Onboarded'.",
		});
	}
	return { kind: 'filters', filter, address };
}

function referenceOf(context: ItemInputs): MachineReference {
	const reference = machineParameter(context, campaignMachine);
	switch (reference.kind) {
		case 'machineId':
		case 'name':
		case 'entraDeviceId':
			return reference;
		case 'empty':
		case 'malformed':
			throw fieldError(context, "'Device' does not name a device", {
				description:
					"Enter its ID, or its DNS name with the field set to 'By Name'. In alerts, look for machineId, deviceId or computerDnsName.",
			});
	}
}

/** One list, whatever names them. */
export async function devicesOf(
	context: ItemContext,
	connection: Connection,
	source: DeviceSource,
): Promise<AskedDevice[]> {
	switch (source.kind) {
		case 'filters': {
			const found = await searchMachines(connection, source.filter, source.address, Infinity);
			const { itemIndex } = context;
			return found.filter(takesCampaigns).map((machine) => ({ machine, itemIndex, alsoItems: [] }));
		}
		case 'items': {
			await assertOneTenant(context);
			const listed = await listMachines(connection, { limit: Infinity });
			return named(context, connection, source.named, listed);
		}
	}
}

function named(
	context: ItemContext,
	connection: Connection,
	wanted: Extract<DeviceSource, { kind: 'items' }>['named'],
	listed: readonly Machine[],
): AskedDevice[] {
	const byName = grouped(listed, ({ computerDnsName }) => computerDnsName);
	const byId = grouped(listed, ({ id }) => id);
	const byEntraId = grouped(listed, ({ aadDeviceId }) => aadDeviceId);
	const asked = new Map<string, AskedDevice>();
	for (const { reference, context: own } of wanted) {
		const machine = machineOf(reference);
		if (machine && takesCampaigns(machine)) {
			const known = asked.get(machine.id);
			if (known) known.alsoItems.push(own.itemIndex);
			else asked.set(machine.id, { machine, itemIndex: own.itemIndex, alsoItems: [] });
		} else context.hint(LEFT_OUT);
	}
	return [...asked.values()];

	function machineOf(reference: MachineReference): Machine | null {
		if (reference.kind === 'machineId') return byId.get(reference.id)?.[0] ?? null;
		if (reference.kind !== 'name' && reference.kind !== 'entraDeviceId') return null;
		const found =
			reference.kind === 'name'
				? byName.get(reference.name.toLowerCase())
				: byEntraId.get(reference.id);
		const choice = chooseMachine(found ?? []);
		switch (choice.kind) {
			case 'one':
				return choice.machine;
			case 'none':
				return null;
			case 'several':
				throw notOneError(connection.functions.getNode(), reference, choice);
		}
	}
}

const LEFT_OUT =
	'Devices of some items were left out: Defender does not list them, or they cannot take live responses';

function grouped(
	machines: readonly Machine[],
	nameOf: (machine: Machine) => string | null | undefined,
): Map<string, Machine[]> {
	const groups = new Map<string, Machine[]>();
	for (const machine of machines) {
		const name = nameOf(machine)?.toLowerCase();
		if (!name) continue;
		const group = groups.get(name);
		if (group) group.push(machine);
		else groups.set(name, [machine]);
	}
	return groups;
}

async function assertOneTenant(context: ItemContext): Promise<void> {
	const own = await context.connection();
	for (let at = 0; at < context.functions.getInputData().length; at++) {
		if ((await context.connection(at)) === own) continue;
		throw fieldError(context, 'The items of a campaign belong to several tenants', {
			description:
				"A campaign belongs to one tenant. Set 'Devices From' to 'Filters' and provide one item for each tenant, or run the workflow once for each.",
		});
	}
}
