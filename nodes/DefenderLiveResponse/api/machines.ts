/** Devices: reading one, listing many, and finding the one a workflow names. */
import {
	chooseMachine,
	type Machine,
	type MachineChoice,
	type MachineReference,
} from '../domain/machine';
import { nodeError } from '../inputs/nodeErrors';
import { isNotFound, type ApiCall } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { bodyOf } from '../transport/errors';
import { odataOneOf } from '../transport/odata';
import { perConnection } from '../transport/perConnection';
import { getUpTo, LARGEST_TOP } from '../transport/pagination';
import { apiPath, type ApiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { aboutDevice } from './aboutDevice';
import { MOST_NAMED, notOneError, reimagedHint, type LookedUp } from './machineChoice';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machine-by-id */
async function getMachine(connection: Connection, machineId: string): Promise<Machine> {
	const call = readCall(machineId);
	return bodyOf(connection, call, await callApi<Machine>(connection, call));
}

function readCall(machineId: string): ApiCall {
	return {
		method: 'GET',
		path: apiPath`/machines/${machineId}`,
		permissions: ['Machine.ReadWrite.All'],
		...aboutDevice(machineId),
		repeat: 'harmless',
		lane: 'call',
	};
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
		permissions: ['Machine.ReadWrite.All'],
		subject: 'The list of devices',
		repeat: 'harmless',
		bodyWhenNotFound: { value: [] },
		lane: 'call',
	};
	return await getUpTo<Machine>(connection, call, list.limit);
}

/** Names of devices are stored in lower case; one that is not is found as it is written. */
export const spellings = (name: string) => [...new Set([name.toLowerCase(), name])];

const MOST_OF_ONE_NAME = 100;

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
		async (found) => await chooseKnown(connection, found),
	);
	made.set($filter, pending);
	pending.catch(() => made.delete($filter));
	return await pending;
}

/**
 * The choice among entries that the API still knows: lists can show one that is gone. Asked only
 * where there is a choice; a single entry shows by what is done with it.
 */
async function chooseKnown(
	connection: Connection,
	found: readonly Machine[],
): Promise<MachineChoice> {
	const choice = chooseMachine(found);
	if (found.length < 2 || choice.kind === 'none') return choice;
	const inQuestion =
		choice.kind === 'one'
			? [choice.machine, ...choice.older]
			: choice.machines.slice(0, MOST_NAMED);
	const isKnown = await Promise.all(
		inQuestion.map(async ({ id }) => await isKnownMachine(connection, id)),
	);
	const gone = new Set(inQuestion.filter((_machine, at) => !isKnown[at]));
	return gone.size === 0
		? choice
		: await chooseKnown(
				connection,
				found.filter((machine) => !gone.has(machine)),
			);
}

/** False only where the API says so; any other refusal shows when the device is used. */
async function isKnownMachine(connection: Connection, machineId: string): Promise<boolean> {
	const outcome = await callApi<Machine>(connection, readCall(machineId));
	return outcome.kind === 'ok' || !isNotFound(outcome.refusal);
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
			if (choice.kind === 'one') {
				const { hints } = connection.events;
				if (choice.older.length > 0) hints.add(reimagedHint(choice));
				return choice.machine;
			}
			throw notOneError(node, reference, choice);
		}
		case 'empty':
			throw nodeError(node, 'invalidInput', {
				message: "'Device' is empty",
				description: 'Choose a device from the list, or enter its DNS name or its ID.',
			});
		case 'malformed':
			throw nodeError(node, 'invalidInput', {
				message: "'Device' is neither the ID nor the name of a device",
				description:
					"An ID has 40 hexadecimal digits; for a DNS name, set the field to 'By Name'. In alerts, look for machineId, deviceId or computerDnsName.",
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
