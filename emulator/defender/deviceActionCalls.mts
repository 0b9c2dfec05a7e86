/** The machine actions of a device beside live response: they differ in little more than their names. */
import type { Answer } from '../http/answer.mts';
import type { NewAction } from '../tenant/machineActions.mts';
import { actionAnswer } from './actionAnswer.mts';
import { apiError } from './apiError.mts';
import { foundDevice } from './deviceLookup.mts';
import { jsonObject } from './jsonBody.mts';
import { toStart, type anyAction } from './permissions.mts';
import type { ApiContext, Call, Route } from './route.mts';

interface DeviceAction {
	/** Last segment of the path. */
	name: string;
	type: string;
	permission: (typeof anyAction)[number];
	/** The member that it takes beside the comment. */
	member?: { name: string; takes: RegExp; shownAs: (value: string) => Partial<NewAction> };
}

const scope = (value: string) => ({ scope: value });

/** https://learn.microsoft.com/defender-endpoint/api/machineaction */
const deviceActions: readonly DeviceAction[] = [
	{
		name: 'isolate',
		type: 'Isolate',
		permission: 'Machine.Isolate',
		member: { name: 'IsolationType', takes: /^(Full|Selective)$/, shownAs: scope },
	},
	{ name: 'unisolate', type: 'Unisolate', permission: 'Machine.Isolate' },
	{
		name: 'runAntiVirusScan',
		type: 'RunAntiVirusScan',
		permission: 'Machine.Scan',
		member: { name: 'ScanType', takes: /^(Full|Quick)$/, shownAs: scope },
	},
	{
		name: 'restrictCodeExecution',
		type: 'RestrictCodeExecution',
		permission: 'Machine.RestrictExecution',
	},
	{
		name: 'unrestrictCodeExecution',
		type: 'UnrestrictCodeExecution',
		permission: 'Machine.RestrictExecution',
	},
	{
		name: 'StopAndQuarantineFile',
		type: 'StopAndQuarantineFile',
		permission: 'Machine.StopAndQuarantine',
		member: {
			name: 'Sha1',
			takes: /^[0-9a-f]{40}$/i,
			shownAs: (fileIdentifier) => ({
				relatedFileInfo: { fileIdentifier, fileIdentifierType: 'Sha1' },
			}),
		},
	},
	{
		name: 'collectInvestigationPackage',
		type: 'CollectInvestigationPackage',
		permission: 'Machine.CollectForensics',
	},
];

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
