/** Starting a machine action on a device, and what its answer says about whether it was started. */
import type { IDataObject } from 'n8n-workflow';

import type { MachineAction } from '../domain/machineAction';
import { mayBeStartedWith } from '../domain/marker';
import { machineActionOf } from '../domain/sentAction';
import type { Lane } from '../limits/rateLimits';
import type { ApiCall, Refusal } from '../transport/apiCall';
import type { Connection } from '../transport/connection';
import { apiPath } from '../transport/paths';
import { callApi } from '../transport/request';
import { mayHaveBeenDone } from '../transport/retry';
import { aboutDevice } from './aboutDevice';

export type StartOutcome =
	| { kind: 'started'; action: MachineAction }
	/** Answered with somebody else's action; one's own may have been started beside it. */
	| { kind: 'foreign'; action: MachineAction }
	/** The device has an action of this kind already. */
	| { kind: 'busy' }
	| UnsureStart
	| { kind: 'refused'; call: ApiCall; refusal: Refusal };

/** The answer was lost: it may have been started. */
export interface UnsureStart {
	kind: 'unsure';
	call: ApiCall;
	refusal: Refusal;
}

/** One kind of machine action, as Microsoft's page of it says. */
export interface ActionCall {
	/** Last segment of the path below the device. */
	name: string;
	comment: string;
	/** The members beside the comment. */
	body: IDataObject;
	/** Application permissions. */
	permissions: readonly string[];
	/** Permission of a role in the Defender portal, which a signed-in user needs as well. */
	role?: string;
	lane: Lane;
	/** Of what takes one of the tenant's sessions: so long it may wait for one. */
	maxSessionWaitMs?: number;
}

/** Asks a device for a machine action; never twice by itself when an answer is lost. */
export async function startMachineAction(
	connection: Connection,
	machineId: string,
	action: ActionCall,
): Promise<StartOutcome> {
	const call: ApiCall = {
		method: 'POST',
		path: apiPath`/machines/${machineId}/${action.name}`,
		body: { ...action.body, Comment: action.comment },
		permissions: action.permissions,
		role: action.role,
		...aboutDevice(machineId),
		repeat: 'onlyIfRefused',
		lane: action.lane,
		maxSessionWaitMs: action.maxSessionWaitMs,
	};
	const outcome = await callApi<unknown>(connection, call);
	const started = outcome.kind === 'ok' ? machineActionOf(outcome.body) : null;
	if (started) {
		if (!mayBeStartedWith(action.comment, started.requestorComment)) {
			return { kind: 'foreign', action: started };
		}
		connection.events.started.add(started.id);
		return { kind: 'started', action: started };
	}
	const refusal: Refusal =
		outcome.kind === 'ok' ? { kind: 'unreadable', status: 200 } : outcome.refusal;
	return { kind: afterRefusal(refusal), call, refusal };
}

/** What a refusal says about whether the device does what it was asked for. */
function afterRefusal(refusal: Refusal): 'busy' | 'unsure' | 'refused' {
	if (isBusy(refusal)) return 'busy';
	return mayHaveBeenDone(refusal) ? 'unsure' : 'refused';
}

/** The code is not documented for every kind of action; the words are. */
const isBusy = (refusal: Refusal): boolean =>
	refusal.kind === 'status' &&
	(refusal.code === 'ActiveRequestAlreadyExists' ||
		(refusal.status === 400 && /already in progress/i.test(refusal.message ?? '')));
