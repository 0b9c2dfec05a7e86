import type { Answer } from '../http/answer.mts';
import { pageOf, parseListQuery } from '../odata/listQuery.mts';
import { machineActionSchema } from '../odata/schema.mts';
import { actionEntity, type ActionRecord } from '../tenant/machineAction.mts';
import { apiError } from './apiError.mts';
import { jsonObject } from './jsonBody.mts';
import { startLiveResponse } from './liveResponseStart.mts';
import { actionAnswer } from './actionAnswer.mts';
import { listAnswer } from './listAnswer.mts';
import { packageUri } from './packageUri.mts';
import { permissions } from './permissions.mts';
import { resultLink } from './resultLink.mts';
import type { ApiContext, Call, Route } from './route.mts';

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
		method: 'GET',
		path: new RegExp(`^/machineactions/${guid}/getPackageUri$`),
		permission: permissions.packageUri,
		kind: 'packageLink',
		handle: packageLink,
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
		kind: 'run',
		handle: startLiveResponse,
	},
];

function list(context: ApiContext, { incoming }: Call): Answer {
	const query = parseListQuery(incoming.query, machineActionSchema, context.settings.lists);
	const now = context.clock.now();
	context.tenant.actions.settle();
	const visible = context.tenant.actions.all
		.filter((action) => action.listedAt <= now)
		.map(actionEntity);
	const page = pageOf(visible, query, context.settings.pageSize);
	return listAnswer(page, 'MachineActions', `${context.apiUrl()}/machineactions`);
}

function get(context: ApiContext, { params: [id] }: Call): Answer {
	const action = visibleAction(context, id);
	return action === undefined ? notFound(id) : actionAnswer(200, action);
}

async function link(context: ApiContext, { params: [id, index] }: Call): Promise<Answer> {
	const action = visibleAction(context, id);
	if (action === undefined) return notFound(id);
	return await resultLink(context, action, Number(index));
}

async function packageLink(context: ApiContext, { params: [id] }: Call): Promise<Answer> {
	const action = visibleAction(context, id);
	return action === undefined ? notFound(id) : await packageUri(context, action);
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
	return actionAnswer(200, action);
}

function visibleAction({ tenant, clock }: ApiContext, id: string): ActionRecord | undefined {
	tenant.actions.settle();
	const action = tenant.actions.get(id);
	return action !== undefined && action.visibleAt <= clock.now() ? action : undefined;
}

function notFound(id: string): Answer {
	return apiError(404, 'ResourceNotFound', `Machine action ${id} was not found.`);
}
