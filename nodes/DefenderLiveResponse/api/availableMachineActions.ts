/** What a device takes, as far as the API says it beforehand. */
import { isRecord } from '../domain/record';
import type { ApiCall } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { aboutDevice } from './aboutDevice';

export interface ActionAvailability {
	isAvailable: boolean;
	/** A code of the API, such as `OsPlatformNotSupported`; null when it gives none. */
	reason: string | null;
}

/**
 * Whether a device takes a type of machine action. Null when the API does not say: the call stands in
 * the service's metadata and on no page.
 */
export async function actionAvailability(
	connection: Connection,
	machineId: string,
	type: string,
): Promise<ActionAvailability | null> {
	const call: ApiCall = {
		method: 'GET',
		path: apiPath`/machines/${machineId}/availableMachineActions`,
		permissions: ['Machine.ReadWrite.All'],
		...aboutDevice(machineId),
		notFoundMayPass: false,
		repeat: 'harmless',
		lane: 'call',
	};
	const outcome = await callApi<unknown>(connection, call);
	if (outcome.kind === 'refused' || !isRecord(outcome.body)) return null;
	const { value } = outcome.body;
	const entry: unknown = Array.isArray(value)
		? value.find((known) => isRecord(known) && known.action === type)
		: undefined;
	if (!isRecord(entry) || typeof entry.isAvailable !== 'boolean') return null;
	const reason = entry.notSupportedReason;
	return {
		isAvailable: entry.isAvailable,
		reason: typeof reason === 'string' && reason !== '' ? reason : null,
	};
}
