/** The machine actions of a device beside live response: they differ in little more than their names. */
import type { Answer } from '../http/answer.mts';
import { deviceActions, type DeviceAction } from '../tenant/deviceActions.mts';
import { actionAnswer } from './actionAnswer.mts';
import { apiError } from './apiError.mts';
import { foundDevice } from './deviceLookup.mts';
import { jsonObject } from './jsonBody.mts';
import { toStart } from './permissions.mts';
import type { ApiContext, Call, Route } from './route.mts';

export const deviceActionRoutes: Route[] = deviceActions.map((action) => ({
	method: 'POST',
	path: new RegExp(`^/machines/([^/]+)/${action.name}$`),
	permission: toStart(action.permission),
	handle: (context, call) => start(action, context, call),
}));

function start(
	{ type, member }: DeviceAction,
	{ tenant, settings }: ApiContext,
	{ incoming, params: [machineId], caller }: Call,
): Answer {
	const device = foundDevice(tenant.machines.get(machineId), 'start', settings);
	if (device === undefined) {
		return apiError(404, 'ResourceNotFound', `Machine ${machineId} was not found.`);
	}
	const body = jsonObject(incoming, ['Comment', ...(member ? [member.name] : [])]);
	if (body.kind === 'refused') return body.answer;
	const { Comment } = body.value;
	if (typeof Comment !== 'string' || Comment === '') {
		return apiError(400, 'MissingRequiredParameter', "'Comment' is required.");
	}
	const value = member && body.value[member.name];
	if (member && (typeof value !== 'string' || !member.takes.test(value))) {
		return apiError(400, 'InvalidInput', `'${member.name}' has no valid value.`);
	}
	tenant.actions.settle();
	if (tenant.actions.activeOn(device.machine.id, type) !== undefined) {
		const isNamed = settings.starts.busyAction === 'named';
		const code = isNamed ? 'ActiveRequestAlreadyExists' : 'BadRequest';
		return apiError(400, code, 'Action is already in progress');
	}
	const action = tenant.actions.start({
		type,
		device,
		commands: [],
		comment: Comment,
		externalId: null,
		requestor: caller.name,
		...member?.shownAs(String(value)),
	});
	return actionAnswer(201, action);
}
