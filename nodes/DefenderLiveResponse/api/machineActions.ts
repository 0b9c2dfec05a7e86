/** Reading and cancelling one machine action. */
import { isCancelled, type MachineAction } from '../domain/machineAction';
import { machineActionOf } from '../domain/sentAction';
import { isNotFound, type ApiCall, type ApiOutcome } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { bodyOf, refusalError } from '../transport/errors';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export const resultLinkPath = (machineActionId: string, commandIndex: number) =>
	apiPath`/machineactions/${machineActionId}/GetLiveResponseResultDownloadLink(index=${commandIndex})`;

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-machineaction-object */
export async function getMachineAction(
	connection: Connection,
	machineActionId: string,
): Promise<MachineAction> {
	const call = readCall(machineActionId);
	return actionOf(connection, call, await callApi<unknown>(connection, call));
}

/** A fresh action can answer 404 for up to two minutes; this is a little longer. */
const FRESH_ACTION_WAITS_MS = [2000, 5000, 10_000, 20_000, 40_000, 60_000];

/** The same for an action that may have been started a moment ago. */
export async function getFreshMachineAction(
	connection: Connection,
	machineActionId: string,
): Promise<MachineAction> {
	const call = readCall(machineActionId);
	for (const waitMs of FRESH_ACTION_WAITS_MS) {
		const outcome = await callApi<unknown>(connection, call);
		if (outcome.kind === 'ok' || !isNotFound(outcome.refusal))
			return actionOf(connection, call, outcome);
		if (!(await connection.clock.sleep(waitMs, connection.signal))) break;
	}
	return await getMachineAction(connection, machineActionId);
}

function actionOf(connection: Connection, call: ApiCall, outcome: ApiOutcome<unknown>) {
	const action = machineActionOf(bodyOf(connection, call, outcome));
	if (action) return action;
	const refusal = { kind: 'unreadable', status: 200 } as const;
	throw refusalError(connection.functions.getNode(), call, refusal);
}

function readCall(machineActionId: string): ApiCall {
	return {
		method: 'GET',
		path: apiPath`/machineactions/${machineActionId}`,
		permissions: ['Machine.ReadWrite.All'],
		subject: `Machine action ${machineActionId}`,
		repeat: 'harmless',
		lane: 'call',
	};
}

export type CancelOutcome = { kind: 'accepted'; action: MachineAction } | { kind: 'tooLate' };

/**
 * Asks for the end of a machine action; the status follows a little later. An action that is over,
 * or already being worked on, cannot be cancelled any more.
 *
 * @param permission any that lets one start a machine action will do; the one to name when there is none
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/cancel-machine-action
 */
export async function cancelIfPossible(
	connection: Connection,
	machineActionId: string,
	comment: string,
	permission = 'Machine.LiveResponse',
): Promise<CancelOutcome> {
	const call: ApiCall = {
		method: 'POST',
		path: apiPath`/machineactions/${machineActionId}/cancel`,
		body: { Comment: comment },
		permissions: [permission],
		subject: `Machine action ${machineActionId}`,
		repeat: 'harmless',
		lane: 'call',
	};
	const outcome = await callApi<unknown>(connection, call);
	if (outcome.kind === 'refused') {
		const { refusal } = outcome;
		if (refusal.kind === 'status' && refusal.status === 400) return { kind: 'tooLate' };
	}
	return { kind: 'accepted', action: actionOf(connection, call, outcome) };
}

/** The same, and the action as it is then: cancelled or about to be when that was accepted, or had been before, by whomever. */
export async function cancelAndRead(
	...asked: Parameters<typeof cancelIfPossible>
): Promise<{ action: MachineAction; cancelRequested: boolean }> {
	const outcome = await cancelIfPossible(...asked);
	if (outcome.kind === 'accepted') return { action: outcome.action, cancelRequested: true };
	const [connection, machineActionId] = asked;
	const action = await getMachineAction(connection, machineActionId);
	return { action, cancelRequested: isCancelled(action) };
}
