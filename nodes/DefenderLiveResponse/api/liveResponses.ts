/** Starting, finding and cancelling live responses. */
import type { Command } from '../domain/commands';
import { isFinished, type MachineAction } from '../domain/machineAction';
import { isRecord, type ApiCall, type Refusal } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { bodyOf } from '../transport/errors';
import { odataAll, odataString } from '../transport/odata';
import { getUpTo } from '../transport/pagination';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { mayHaveBeenDone } from '../transport/retry';

export type StartOutcome =
	| { kind: 'started'; action: MachineAction }
	/** The device has a live response already. */
	| { kind: 'busy' }
	| UnsureStart
	| { kind: 'refused'; call: ApiCall; refusal: Refusal };

/** The answer was lost: it may have been started. */
export interface UnsureStart {
	kind: 'unsure';
	call: ApiCall;
	refusal: Refusal;
}

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function startLiveResponse(
	connection: Connection,
	machineId: string,
	request: { commands: Command[]; comment: string },
): Promise<StartOutcome> {
	const call: ApiCall = {
		method: 'POST',
		path: apiPath`/machines/${machineId}/runliveresponse`,
		body: {
			Commands: request.commands.map(({ type, params }) => ({
				type,
				params: params.map(({ key, value }) => ({ key, value })),
			})),
			Comment: request.comment,
		},
		permissions: ['Machine.LiveResponse'],
		subject: `Device ${machineId}`,
		repeat: 'onlyIfRefused',
		lane: 'run',
	};
	const outcome = await callApi<MachineAction>(connection, call);
	if (outcome.kind === 'ok' && isRecord(outcome.body) && typeof outcome.body.id === 'string') {
		return { kind: 'started', action: outcome.body };
	}
	const refusal: Refusal =
		outcome.kind === 'ok' ? { kind: 'unreadable', status: 200 } : outcome.refusal;
	return { kind: afterRefusal(refusal), call, refusal };
}

/** What a refusal says about whether the device runs the commands. */
function afterRefusal(refusal: Refusal): 'busy' | 'unsure' | 'refused' {
	if (refusal.kind === 'status' && refusal.code === 'ActiveRequestAlreadyExists') return 'busy';
	return mayHaveBeenDone(refusal) ? 'unsure' : 'refused';
}

const MOST_LISTED = 10_000;

/** Live responses created since then, newest first; one call up to 10,000 of them. */
export async function listLiveResponses(
	connection: Connection,
	filter: { machineId?: string; createdSince: string },
): Promise<MachineAction[]> {
	const call: ApiCall = {
		method: 'GET',
		path: apiPath`/machineactions`,
		query: {
			$filter:
				odataAll([
					"type eq 'LiveResponse'",
					`creationDateTimeUtc ge ${filter.createdSince}`,
					filter.machineId ? `machineId eq ${odataString(filter.machineId)}` : null,
				]) ?? '',
			$top: String(MOST_LISTED),
		},
		permissions: ['Machine.ReadWrite.All'],
		subject: 'The list of machine actions',
		repeat: 'harmless',
		lane: 'call',
	};
	const actions = await getUpTo<MachineAction>(connection, call, MOST_LISTED);
	return actions.sort((a, b) => compareTimes(b.creationDateTimeUtc, a.creationDateTimeUtc));
}

const compareTimes = (a: string, b: string) => Date.parse(a) - Date.parse(b);

const LONGEST_LIFE_MS = 4 * 24 * 3_600_000;

/** The unfinished live responses of a device, newest first. Portal sessions are not among them. */
export async function listRunning(
	connection: Connection,
	machineId: string,
): Promise<MachineAction[]> {
	const createdSince = new Date(connection.clock.now() - LONGEST_LIFE_MS).toISOString();
	const actions = await listLiveResponses(connection, { machineId, createdSince });
	return actions.filter((action) => !isFinished(action));
}

export type CancelOutcome = { kind: 'accepted'; action: MachineAction } | { kind: 'tooLate' };

/**
 * Asks for the end of a machine action; the status follows a little later. An action that is over,
 * or already being worked on, cannot be cancelled any more.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/cancel-machine-action
 */
export async function cancelIfPossible(
	connection: Connection,
	machineActionId: string,
	comment: string,
): Promise<CancelOutcome> {
	const call: ApiCall = {
		method: 'POST',
		path: apiPath`/machineactions/${machineActionId}/cancel`,
		body: { Comment: comment },
		permissions: ['Machine.LiveResponse'],
		subject: `Machine action ${machineActionId}`,
		repeat: 'harmless',
		lane: 'call',
	};
	const outcome = await callApi<MachineAction>(connection, call);
	if (outcome.kind === 'refused') {
		const { refusal } = outcome;
		if (refusal.kind === 'status' && refusal.status === 400) return { kind: 'tooLate' };
	}
	return { kind: 'accepted', action: bodyOf(connection, call, outcome) };
}
