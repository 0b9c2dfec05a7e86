/** Devices: reading one, listing many, and finding the one a workflow names. */
import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import {
	chooseMachine,
	type Machine,
	type MachineChoice,
	type MachineReference,
} from '../domain/machine';
import type { ApiCall } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { apiError, bodyOf } from '../transport/errors';
import { odataOneOf } from '../transport/odata';
import { perConnection } from '../transport/perConnection';
import { getUpTo } from '../transport/pagination';
import { apiPath, type ApiPath } from '../transport/paths';
import { callApi } from '../transport/request';

/** The API refuses a larger `$top`. */
const LARGEST_TOP = 10_000;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machine-by-id */
export async function getMachine(connection: Connection, machineId: string): Promise<Machine> {
	const call: ApiCall = {
		method: 'GET',
		path: apiPath`/machines/${machineId}`,
		permissions: ['Machine.ReadWrite.All'],
		subject: `Device ${machineId}`,
		repeat: 'harmless',
		lane: 'call',
	};
	return bodyOf(connection, call, await callApi<Machine>(connection, call));
}

export interface MachineList {
	/** Default: the collection of all devices. */
	path?: ApiPath;
	query?: Record<string, string>;
	/** Infinity for all of them. */
	limit: number;
	skip?: number;
}

/**
 * Devices in the API's order, over as many pages as it takes. The filtered list and the look-ups
 * by tag and address answer alike, also with 404 when there is none.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-machines
 */
export async function listMachines(connection: Connection, list: MachineList): Promise<Machine[]> {
	const isCollection = list.path === undefined;
	const call: ApiCall = {
		method: 'GET',
		path: list.path ?? apiPath`/machines`,
		query: {
			...list.query,
			...(isCollection && list.limit <= LARGEST_TOP ? { $top: String(list.limit) } : {}),
			...(isCollection && list.skip ? { $skip: String(list.skip) } : {}),
		},
		permissions: ['Machine.Read.All'],
		subject: 'The list of devices',
		repeat: 'harmless',
		lane: 'call',
	};
	return await getUpTo<Machine>(connection, call, list.limit).catch(noneWhenNotFound);
}

function noneWhenNotFound(error: unknown): Machine[] {
	if (error instanceof NodeApiError && error.httpCode === '404') return [];
	throw error;
}

/** Names of devices are stored in lower case; one that is not is found as it is written. */
export const spellings = (name: string) => [...new Set([name.toLowerCase(), name])];

const MOST_OF_ONE_NAME = 100;

type LookedUp = Extract<MachineReference, { kind: 'name' | 'entraDeviceId' }>;

/** Look-ups already made, kept for the life of a connection: one node run. */
const lookUpsOf = perConnection(() => new Map<string, Promise<MachineChoice>>());

/** One call for each name or Entra device id, however many items carry it. */
async function lookUp(connection: Connection, reference: LookedUp): Promise<MachineChoice> {
	const made = lookUpsOf(connection);
	const $filter =
		reference.kind === 'name'
			? (odataOneOf('computerDnsName', spellings(reference.name)) ?? '')
			: `aadDeviceId eq ${reference.id}`;
	const known = made.get($filter);
	if (known) return await known;
	const pending = listMachines(connection, { query: { $filter }, limit: MOST_OF_ONE_NAME }).then(
		chooseMachine,
	);
	made.set($filter, pending);
	pending.catch(() => made.delete($filter));
	return await pending;
}

/**
 * The one device that is meant. A name must be the whole DNS name: half a name may be right today
 * and another device tomorrow. Of several entries the rule of `chooseMachine` decides.
 */
export async function findMachine(
	connection: Connection,
	reference: MachineReference,
): Promise<Machine> {
	const node = connection.functions.getNode();
	switch (reference.kind) {
		case 'machineId':
			return await getMachine(connection, reference.id);
		case 'name':
		case 'entraDeviceId': {
			const choice = await lookUp(connection, reference);
			if (choice.kind === 'one') return choice.machine;
			throw notOneError(node, reference, choice);
		}
		case 'empty':
			throw new NodeOperationError(node, "'Device' is empty", {
				description: 'Choose a device from the list, or enter its DNS name or its ID.',
			});
		case 'malformed':
			throw new NodeOperationError(node, "'Device' is neither the ID nor the name of a device", {
				description:
					"An ID has 40 hexadecimal digits; for a DNS name, set the field to 'By Name'. Alerts name the device as machineId, deviceId or computerDnsName.",
			});
	}
}

/**
 * The machine id that is meant. An id costs no call, a name or an Entra device id one for all items
 * together. Throws when it fits no device, or more than one.
 */
export async function machineIdOf(
	connection: Connection,
	reference: MachineReference,
): Promise<string> {
	if (reference.kind === 'machineId') return reference.id;
	return (await findMachine(connection, reference)).id;
}

const MOST_NAMED = 5;

function notOneError(
	node: INode,
	reference: LookedUp,
	choice: Exclude<MachineChoice, { kind: 'one' }>,
): NodeApiError {
	const byName = reference.kind === 'name';
	switch (choice.kind) {
		case 'none':
			return apiError(node, '404', {
				message: byName
					? 'No device has this DNS name'
					: 'No device has this ID as its Entra device ID',
				description: byName
					? "The name is compared as a whole: enter it as the Defender portal shows it, with its domain. 'Get Many' of the resource 'Device' finds devices by the beginning of a name."
					: "Check the ID, and that the credential belongs to the device's tenant.",
			});
		case 'several':
			return apiError(node, null, {
				message: `Several devices have this ${byName ? 'DNS name' : 'Entra device ID'}`,
				description: `Which one is meant cannot be told from here. Set 'Device' to 'By ID' and enter one of these: ${choice.machines
					.slice(0, MOST_NAMED)
					.map(({ id, healthStatus, lastSeen }) => `${id} (${healthStatus}, seen ${lastSeen})`)
					.join('; ')}.`,
			});
	}
}
