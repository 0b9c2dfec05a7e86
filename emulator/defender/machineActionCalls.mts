import { jsonAnswer, type Answer } from '../http/answer.mts';
import { pageOf, parseListQuery } from '../odata/listQuery.mts';
import { machineActionSchema } from '../odata/schema.mts';
import { actionEntity, type ActionRecord } from '../tenant/machineAction.mts';
import { apiError } from './apiError.mts';
import { foundDevice } from './deviceLookup.mts';
import { jsonObject } from './jsonBody.mts';
import { readLiveResponse } from './liveResponseRequest.mts';
import { listAnswer } from './listAnswer.mts';
import { permissions } from './permissions.mts';
import { contextOf, type ApiContext, type Call, type Route } from './route.mts';
import { tooManyRequests } from '../faults/faultyAnswer.mts';

const guid = '([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})';

export const machineActionRoutes: Route[] = [
	{
		method: 'GET',
		path: /^\/machineactions$/,
		permission: permissions.readActions,
		hasQuery: true,
		handle: list,
	},
	{
		method: 'GET',
		path: new RegExp(`^/machineactions/${guid}$`),
		permission: permissions.readActions,
		handle: get,
	},
	{
		method: 'GET',
		path: new RegExp(
			`^/machineactions/${guid}/GetLiveResponseResultDownloadLink\\(index=(-?\\d{1,9})\\)$`,
		),
		permission: permissions.resultLink,
		handle: link,
	},
	{
		method: 'POST',
		path: new RegExp(`^/machineactions/${guid}/cancel$`),
		permission: permissions.cancelAction,
		handle: cancel,
	},
	{
		method: 'POST',
		path: /^\/machines\/([^/]+)\/runliveresponse$/,
		permission: permissions.runLiveResponse,
		isRun: true,
		handle: run,
	},
];

function list(context: ApiContext, { incoming }: Call): Answer {
	const query = parseListQuery(incoming.query, machineActionSchema);
	const now = context.clock.now();
	context.tenant.actions.settle();
	const visible = context.tenant.actions.all
		.filter((action) => action.visibleAt <= now)
		.map(actionEntity);
	const page = pageOf(visible, query, context.settings.pageSize);
	return listAnswer(page, 'MachineActions', `${context.apiUrl()}/machineactions`);
}

function get(context: ApiContext, { params: [id] }: Call): Answer {
	const action = visibleAction(context, id);
	return action === undefined ? notFound(id) : entityAnswer(200, action);
}

async function link(context: ApiContext, { params: [id, index] }: Call): Promise<Answer> {
	const action = visibleAction(context, id);
	if (action === undefined) return notFound(id);
	const noResult = () =>
		apiError(404, 'ResourceNotFound', `There is no result of command ${index} of action ${id}.`);
	const result = action.commands[Number(index)]?.result;
	const over = action.status === 'Succeeded' || action.status === 'Failed';
	if (result === undefined || !over) return noResult();
	if (action.linksVisibleAt > context.clock.now()) return noResult();
	await result.ready;
	return jsonAnswer(200, {
		'@odata.context': contextOf('Edm.String'),
		value: context.results.link(result, context.settings.linkLifetimeSeconds),
	});
}

function cancel(context: ApiContext, { incoming, params: [id], caller }: Call): Answer {
	const action = visibleAction(context, id);
	if (action === undefined) return notFound(id);
	const body = jsonObject(incoming, ['Comment']);
	if (body.kind === 'refused') return body.answer;
	const { Comment } = body.value;
	if (typeof Comment !== 'string' || Comment === '') {
		return apiError(400, 'MissingRequiredParameter', "'Comment' is required.");
	}
	if (action.status !== 'Pending' || action.cancellation !== null) {
		return apiError(
			400,
			'BadRequest',
			`Machine action ${id} cannot be cancelled, its status is ${action.status}.`,
		);
	}
	context.tenant.actions.cancel(action, caller.name, Comment);
	return entityAnswer(200, action);
}

function run(context: ApiContext, { incoming, params: [machineId], caller }: Call): Answer {
	const { tenant, settings } = context;
	const device = foundDevice(tenant.machines.get(machineId), 'start', settings);
	if (device === undefined) {
		return apiError(404, 'ResourceNotFound', `Machine ${machineId} was not found.`);
	}
	const body = readLiveResponse(incoming);
	if (body.kind === 'refused') return body.answer;
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
	tenant.actions.settle();
	if (device.portalSession || tenant.actions.activeOn(device.machine.id) !== undefined) {
		return apiError(400, 'ActiveRequestAlreadyExists', 'Action is already in progress');
	}
	if (tenant.actions.openSessions >= settings.limits.sessions) {
		return tooManyRequests('absent', 0);
	}
	const action = tenant.actions.start({ ...body.request, device, requestor: caller.name });
	return entityAnswer(201, action);
}

function visibleAction({ tenant, clock }: ApiContext, id: string): ActionRecord | undefined {
	tenant.actions.settle();
	const action = tenant.actions.get(id);
	return action !== undefined && action.visibleAt <= clock.now() ? action : undefined;
}

function notFound(id: string): Answer {
	return apiError(404, 'ResourceNotFound', `Machine action ${id} was not found.`);
}

function entityAnswer(status: number, action: ActionRecord): Answer {
	return jsonAnswer(status, {
		'@odata.context': contextOf('MachineActions/$entity'),
		...actionEntity(action),
	});
}
