import { tooManyRequests } from '../faults/faultyAnswer.mts';
import type { Answer } from '../http/answer.mts';
import type { Device } from '../tenant/device.mts';
import { actionAnswer } from './actionAnswer.mts';
import { apiError } from './apiError.mts';
import { foundDevice } from './deviceLookup.mts';
import { readLiveResponse } from './liveResponseRequest.mts';
import type { ApiContext, Call } from './route.mts';

/** `POST /machines/{id}/runliveresponse` */
export function startLiveResponse(
	{ tenant, settings, clock }: ApiContext,
	{ incoming, params: [machineId], caller }: Call,
): Answer {
	const device = foundDevice(tenant.machines.get(machineId), 'start', settings);
	if (device === undefined) {
		return apiError(404, 'ResourceNotFound', `Machine ${machineId} was not found.`);
	}
	const body = readLiveResponse(incoming);
	if (body.kind === 'refused') return body.answer;
	const refusal = deviceRefusal(device);
	if (refusal !== undefined) return refusal;
	const { starts, limits } = settings;
	tenant.actions.settle();
	const running = tenant.actions.activeOn(device.machine.id);
	const isRace =
		starts.race !== 'refused' &&
		running !== undefined &&
		clock.now() - running.createdAt <= starts.raceSeconds * 1000;
	if (device.portalSession || (running !== undefined && !isRace)) {
		return apiError(400, 'ActiveRequestAlreadyExists', 'Action is already in progress');
	}
	if (isRace && starts.race === 'other') return actionAnswer(201, running);
	if (isRace && starts.race === 'echoed') {
		return actionAnswer(201, { ...running, requestorComment: body.request.comment });
	}
	if (tenant.actions.openSessions >= limits.sessions) return tooManyRequests('absent', 0);
	const action = tenant.actions.start({ ...body.request, device, requestor: caller.name });
	return actionAnswer(201, running ?? action);
}

/** Why a device takes no live response at all. */
function deviceRefusal(device: Device): Answer | undefined {
	if (!device.platformSupported) {
		return apiError(
			400,
			'OsPlatformNotSupported',
			'The operating system of the machine does not support live response.',
		);
	}
	if (!device.agentSupported) {
		return apiError(
			400,
			'ClientVersionNotSupported',
			"The machine's client version does not support live response.",
		);
	}
	if (!device.liveResponseEnabled) {
		return apiError(403, 'DisabledFeature', 'Live response is not enabled for this device.');
	}
	if (!device.automationLevel) {
		return apiError(
			403,
			'DisallowedOperation',
			"This device has no automation level assigned to it. You'll need to at least enable the minimum Remediation Level for a given Device Group.",
		);
	}
	return undefined;
}
