/** Why a run is not started, in words. */
import type { UnsureStart } from '../api/actionStart';
import type { MachineAction } from '../domain/machineAction';
import type { ItemInputs } from '../inputs/nodeContext';
import { apiError, CANCELED, nodeError } from '../inputs/nodeErrors';
import { refusalError } from '../transport/errors';
import { shownWords } from '../transport/shownWords';
import type { ActionKind } from './wantedRun';

export function busyError(
	context: ItemInputs,
	{ type, joins }: ActionKind,
	blocking: MachineAction | undefined,
) {
	const node = context.functions.getNode();
	if (!blocking && joins) {
		return apiError(node, '400', 'deviceBusy', {
			message: 'This device is busy with a machine action that the API does not list',
			description: `Defender says that an action of the type ${type} is already in progress. A new one is listed with a delay of up to two minutes: run this again later.`,
		});
	}
	if (!blocking) {
		return apiError(node, '400', 'deviceBusy', {
			message: 'This device is busy with a live response that the API does not list',
			description:
				"Sessions opened in the Defender portal block a device and are not listed; a live response started a moment ago is listed with a delay. Close the session, or set 'When Device Is Busy' to 'Wait'.",
		});
	}
	const text = {
		message: `This device is busy with machine action ${blocking.id}`,
		description: `It is ${shownWords(blocking.status)}, started by ${shownWords(blocking.requestor ?? 'somebody')}. ${
			joins
				? `It is of the type ${shownWords(blocking.type)}, and for something other than what is asked for here: wait for it, or cancel it.`
				: "A device takes one live response at a time: wait for it, cancel it, or set 'When Device Is Busy' to 'Wait' or 'Return Result of Running One'."
		}`,
	};
	return apiError(node, '400', 'deviceBusy', text, { machineActionId: blocking.id });
}

/** @param lookedS for how many seconds its marker was looked for */
export function unsureError(context: ItemInputs, { call, refusal }: UnsureStart, lookedS: number) {
	const node = context.functions.getNode();
	const { message } = refusalError(node, call, refusal);
	return nodeError(node, 'startUnknown', {
		message: 'It is not known whether the machine action was started',
		itemIndex: context.itemIndex,
		description: `${message}, and in ${lookedS} s no machine action with this run's marker has appeared. It was not started again, so that nothing runs twice. Look at the machine actions of the device, and run this again if there is none.`,
	});
}

/** Max Wait was over before lists could show what another process may have started. */
export function notListedError(context: ItemInputs) {
	return nodeError(context.functions.getNode(), 'startUnknown', {
		message: 'It is not known whether an earlier try has started the machine action',
		itemIndex: context.itemIndex,
		description:
			"n8n was about to start it a moment ago, and Defender lists a new machine action with a delay of up to two minutes. It was not started again, so that nothing runs twice. Set 'Max Wait' to three minutes or more, or run this again later.",
	});
}

export function keyReusedError(context: ItemInputs, action: MachineAction) {
	const text = {
		message: 'This idempotency key belongs to a run that asked for something else',
		itemIndex: context.itemIndex,
		description: `Machine action ${action.id} on this device has the same key, and is ${shownWords(action.status)}. Give each script, and each form of an action, its own key, such as {{ $json.alertId }}-triage.`,
	};
	return nodeError(context.functions.getNode(), 'keyReused', text, { machineActionId: action.id });
}

/** @param action that goes on */
export function canceledError({ functions, itemIndex }: ItemInputs, action?: MachineAction) {
	const text = { message: CANCELED, itemIndex };
	if (!action) return nodeError(functions.getNode(), 'canceled', text);
	const description = `Machine action ${action.id} goes on: look at it later with 'Get' of the resource 'Machine Action', or cancel it.`;
	const facts = { machineActionId: action.id };
	return nodeError(functions.getNode(), 'canceled', { ...text, description }, facts);
}
