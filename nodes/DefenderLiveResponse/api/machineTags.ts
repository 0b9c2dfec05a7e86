import type { Machine } from '../domain/machine';
import type { ApiCall } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { bodyOf } from '../transport/errors';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { aboutDevice } from './aboutDevice';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/add-or-remove-machine-tags */
export interface TagChange {
	tag: string;
	action: 'Add' | 'Remove';
}

/** The device as it is then. A tag that it has already, or has not, is no refusal. */
export async function changeTag(
	connection: Connection,
	machineId: string,
	change: TagChange,
): Promise<Machine> {
	const call: ApiCall = {
		method: 'POST',
		path: apiPath`/machines/${machineId}/tags`,
		body: { Value: change.tag, Action: change.action },
		permissions: ['Machine.ReadWrite.All'],
		role: "'Manage Security Settings'",
		...aboutDevice(machineId),
		repeat: 'harmless',
		lane: 'call',
	};
	return bodyOf(connection, call, await callApi<Machine>(connection, call));
}
