import { NodeApiError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';

import { machineReference } from '../domain/machine';
import { commandParameter, createdAt, type MachineAction } from '../domain/machineAction';
import type { Connection } from '../transport/connection';
import { LIVE_RESPONSE } from '../api/machineActionLists';
import { newestMachineActions } from '../api/newestFirst';
import { nameStartsWith } from '../api/machineSearch';
import { listMachines } from '../api/machines';
import { MOST_COMPARISONS, odataAll, odataAny, odataString } from '../transport/odata';
import { assertNotEmpty, nextPage, openForList, PAGE_SIZE, positionOf } from './listPage';

/** Live responses, newest first, by device or requestor. */
export async function searchMachineActions(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await openForList(this);
	const typed = filter?.trim() ?? '';
	const position = positionOf(paginationToken) ?? {
		$filter:
			odataAll([LIVE_RESPONSE, typed ? await searchCondition(connection, typed) : null]) ?? '',
		skip: 0,
	};
	const actions = await newestMachineActions(connection, { ...position, limit: PAGE_SIZE });
	if (typed === '' && position.skip === 0) {
		assertNotEmpty(connection, actions, {
			message: 'There are no live responses in this tenant yet',
			description:
				"Start one with the resource 'Live Response', or set this field to 'By ID' and use the machineActionId of an earlier node.",
		});
	}
	const now = connection.clock.wallTime();
	return {
		results: actions.map((action) => ({ name: machineActionName(action, now), value: action.id })),
		...nextPage(position, actions.length),
	};
}

/** The type and the requestor are two more comparisons. */
const MOST_DEVICES = MOST_COMPARISONS - 2;

/** A machine action cannot be searched by the name of its device, but by the ids of devices. */
async function searchCondition(connection: Connection, typed: string): Promise<string | null> {
	const reference = machineReference(typed, undefined);
	switch (reference.kind) {
		case 'machineId':
			return `machineId eq ${odataString(reference.id)}`;
		case 'entraDeviceId':
			// A GUID here is a machine action, or an app registration known by its client id.
			return odataAny([`id eq ${reference.id}`, `requestor eq ${odataString(reference.id)}`]);
		case 'name':
		case 'empty':
		case 'malformed': {
			const mayBeDevice = reference.kind === 'name' && !typed.includes('@');
			const devices = mayBeDevice ? await devicesNamed(connection, typed) : [];
			return odataAny([
				`startswith(requestor,${odataString(typed)})`,
				...devices.map((id) => `machineId eq ${odataString(id)}`),
			]);
		}
	}
}

/** Whoever may read machine actions but not devices can still search by requestor. */
async function devicesNamed(connection: Connection, start: string): Promise<string[]> {
	const query = { $filter: nameStartsWith(start) ?? '' };
	const devices = await listMachines(connection, { query, limit: MOST_DEVICES }).catch(
		noneWhenForbidden,
	);
	return devices.map(({ id }) => id);
}

function noneWhenForbidden(error: unknown): [] {
	if (error instanceof NodeApiError && error.httpCode === '403') return [];
	throw error;
}

/** "minidump.ps1 on DESKTOP-1, Succeeded, 5 minutes ago" */
function machineActionName(action: MachineAction, now: number): string {
	const command = action.commands.at(0);
	const what = command
		? (commandParameter(command, 'ScriptName') ??
			commandParameter(command, 'FileName') ??
			commandParameter(command, 'Path') ??
			command.command.type)
		: action.type;
	const more = action.commands.length > 1 ? ` and ${action.commands.length - 1} more` : '';
	const created = createdAt(action);
	const device = action.computerDnsName ?? action.machineId ?? 'an unknown device';
	return `${what}${more} on ${device}, ${action.status}, ${created === null ? 'at an unknown time' : ago(now - created)}`;
}

function ago(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	if (minutes < 1) return 'just now';
	if (minutes < 60) return plural(minutes, 'minute');
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? plural(hours, 'hour') : plural(Math.floor(hours / 24), 'day');
}

const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'} ago`;
