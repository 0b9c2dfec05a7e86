/** What the From List mode of the resource locators shows. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { commandParameter, type MachineAction } from '../liveResponse/machineAction';
import type { ApiCall } from '../transport/apiCall';
import { openConnection } from '../transport/connection';
import { odataAll, odataString } from '../transport/odata';
import { getPage } from '../transport/pagination';
import { apiPath } from '../transport/paths';

const PAGE_SIZE = 50;
/** A person is waiting for the list; a longer hold is told instead. */
const LONGEST_HOLD_SECONDS = 10;

/** Recent live responses, newest first; what the user types is looked for in the device's id. */
export async function searchMachineActions(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await openConnection(this, { maxHoldSeconds: LONGEST_HOLD_SECONDS });
	const conditions = odataAll([
		"type eq 'LiveResponse'",
		filter ? `startswith(requestor,${odataString(filter)})` : null,
	]);
	const call: ApiCall = {
		method: 'GET',
		path: apiPath`/machineactions`,
		query: pageQuery(paginationToken) ?? {
			$filter: conditions ?? '',
			$orderby: 'creationDateTimeUtc desc',
			$top: String(PAGE_SIZE),
		},
		permissions: ['Machine.ReadWrite.All'],
		subject: 'The list of machine actions',
		repeat: 'harmless',
		lane: 'call',
	};
	const page = await getPage<MachineAction>(connection, call);
	return {
		results: page.entities.map((action) => ({
			name: machineActionName(action, connection.clock.now()),
			value: action.id,
		})),
		...(page.next ? { paginationToken: JSON.stringify(page.next) } : {}),
	};
}

/** "minidump.ps1 on DESKTOP-1, Succeeded, 5 minutes ago" */
export function machineActionName(action: MachineAction, now: number): string {
	const command = action.commands?.[0];
	const what = command
		? (commandParameter(command, 'ScriptName') ??
			commandParameter(command, 'FileName') ??
			commandParameter(command, 'Path') ??
			command.command.type)
		: action.type;
	const more = (action.commands?.length ?? 0) > 1 ? ` and ${action.commands!.length - 1} more` : '';
	const device = action.computerDnsName ?? action.machineId ?? 'an unknown device';
	return `${what}${more} on ${device}, ${action.status}, ${ago(now - Date.parse(action.creationDateTimeUtc))}`;
}

function ago(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	if (!Number.isFinite(minutes) || minutes < 1) return 'just now';
	if (minutes < 60) return plural(minutes, 'minute');
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? plural(hours, 'hour') : plural(Math.floor(hours / 24), 'day');
}

const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'} ago`;

function pageQuery(token: string | undefined): Record<string, string> | undefined {
	return token === undefined ? undefined : (JSON.parse(token) as Record<string, string>);
}
