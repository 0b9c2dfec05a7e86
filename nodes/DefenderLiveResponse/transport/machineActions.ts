import type { MachineAction } from '../liveResponse/machineAction';
import type { ApiCall } from './apiCall';
import type { Connection } from './connection';
import { bodyOf } from './errors';
import { apiPath } from './paths';
import { callApi } from './request';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineaction-object */
export async function getMachineAction(
	connection: Connection,
	machineActionId: string,
): Promise<MachineAction> {
	const call: ApiCall = {
		method: 'GET',
		path: apiPath`/machineactions/${machineActionId}`,
		permissions: ['Machine.ReadWrite.All'],
		subject: `Machine action ${machineActionId}`,
		repeat: 'harmless',
		lane: 'call',
	};
	return bodyOf(connection, call, await callApi<MachineAction>(connection, call));
}
