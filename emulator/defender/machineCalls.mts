import { isIP } from 'node:net';
import { jsonAnswer, type Answer } from '../http/answer.mts';
import { pageOf, parseListQuery } from '../odata/listQuery.mts';
import { parseQuery } from '../odata/queryString.mts';
import { machineSchema } from '../odata/schema.mts';
import type { Device } from '../tenant/device.mts';
import { apiError } from './apiError.mts';
import { foundDevice, noDevicesAnswer } from './deviceLookup.mts';
import { jsonObject } from './jsonBody.mts';
import { listAnswer } from './listAnswer.mts';
import { permissions } from './permissions.mts';
import { contextOf, type ApiContext, type Call, type Route } from './route.mts';

const day = 24 * 60 * 60 * 1000;
const ipWindow = 15 * 60 * 1000;

export const machineRoutes: Route[] = [
	{
		method: 'GET',
		path: /^\/machines$/,
		permission: permissions.listMachines,
		hasQuery: true,
		handle: list,
	},
	{
		method: 'GET',
		path: /^\/machines\/findbytag$/,
		permission: permissions.listMachines,
		hasQuery: true,
		handle: findByTag,
	},
	{
		method: 'GET',
		path: /^\/machines\/findbyip\(ip='([^'/]*)',timestamp=([^'/)]*)\)$/,
		permission: permissions.listMachines,
		handle: findByIp,
	},
	{
		method: 'GET',
		path: /^\/machines\/([^/()]+)$/,
		permission: permissions.readMachine,
		handle: get,
	},
	{
		method: 'GET',
		path: /^\/machines\/([^/()]+)\/availableMachineActions$/,
		permission: permissions.readMachine,
		handle: availableActions,
	},
	{
		method: 'POST',
		path: /^\/machines\/([^/()]+)\/tags$/,
		permission: permissions.readMachine,
		handle: changeTag,
	},
];

/** https://learn.microsoft.com/defender-endpoint/api/add-or-remove-machine-tags */
function changeTag({ tenant, settings }: ApiContext, { incoming, params: [id] }: Call): Answer {
	const device = foundDevice(tenant.machines.get(id), 'start', settings);
	if (device === undefined) return notFound(id);
	const body = jsonObject(incoming, ['Value', 'Action']);
	if (body.kind === 'refused') return body.answer;
	const { Value, Action } = body.value;
	if (typeof Value !== 'string' || Value === '' || (Action !== 'Add' && Action !== 'Remove')) {
		return apiError(400, 'InvalidInput', "'Value' and 'Action' are required.");
	}
	const others = device.machine.machineTags.filter((tag) => tag !== Value);
	device.machine.machineTags = Action === 'Add' ? [...others, Value] : others;
	return jsonAnswer(200, { '@odata.context': contextOf('Machines/$entity'), ...device.machine });
}

function list({ tenant, settings, apiUrl }: ApiContext, { incoming }: Call): Answer {
	const query = parseListQuery(incoming.query, machineSchema, settings.lists);
	const page = pageOf(tenant.machines.all.map(entityOf), query, settings.pageSize);
	return (
		(query.skip === 0 ? noDevicesAnswer(page.value.length, settings) : undefined) ??
		listAnswer(page, 'Machines', `${apiUrl()}/machines`)
	);
}

function get({ tenant, settings }: ApiContext, { params: [idOrName] }: Call): Answer {
	const device = foundDevice(tenant.machines.find(idOrName), 'read', settings);
	if (device === undefined) return notFound(idOrName);
	return jsonAnswer(200, {
		'@odata.context': contextOf('Machines/$entity'),
		...device.machine,
	});
}

/** Of the service's metadata, on no page. */
function availableActions({ tenant, settings }: ApiContext, { params: [id] }: Call): Answer {
	if (!settings.deviceLookup.availableActions) return noRoute();
	const device = tenant.machines.get(id);
	if (device === undefined || device.listedOnly) return notFound(id);
	const reason = refusalOfStart(device);
	return jsonAnswer(200, {
		'@odata.context': contextOf(
			'Collection(microsoft.windowsDefenderATP.api.ActionAvailabilityStatus)',
		),
		value: [{ action: 'LiveResponse', isAvailable: reason === null, notSupportedReason: reason }],
	});
}

const noRoute = () => apiError(404, 'NotFound', 'No resource was found at this address.');

function refusalOfStart(device: Device): string | null {
	if (!device.platformSupported) return 'OsPlatformNotSupported';
	if (!device.agentSupported) return 'ClientVersionNotSupported';
	return null;
}

function findByTag({ tenant, settings }: ApiContext, { incoming }: Call): Answer {
	const options = parseQuery(incoming.query);
	const unknown = [...options.keys()].find(
		(name) => name !== 'tag' && name !== 'useStartsWithFilter',
	);
	if (unknown !== undefined) {
		return apiError(400, 'BadRequest', `The query option '${unknown}' is not supported.`);
	}
	const tag = options.get('tag');
	if (tag === undefined || tag === '') {
		return apiError(400, 'MissingRequiredParameter', "'tag' is required.");
	}
	const startsWith = options.get('useStartsWithFilter') ?? 'false';
	if (!/^(true|false)$/i.test(startsWith)) {
		return apiError(400, 'InvalidInput', "'useStartsWithFilter' must be true or false.");
	}
	const matches = (candidate: string) =>
		/^true$/i.test(startsWith) ? candidate.startsWith(tag) : candidate === tag;
	const found = tenant.machines.all.filter(({ machine }) => machine.machineTags.some(matches));
	return noDevicesAnswer(found.length, settings) ?? machinesAnswer(found);
}

function findByIp({ tenant, clock }: ApiContext, { params: [ip, timestamp] }: Call): Answer {
	if (isIP(ip) === 0) return apiError(400, 'InvalidIpAddress', `'${ip}' is not an IP address.`);
	const wellFormed = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(timestamp);
	const time = wellFormed ? Date.parse(timestamp) : NaN;
	if (Number.isNaN(time)) {
		return apiError(400, 'InvalidInput', `'${timestamp}' is not a UTC time.`);
	}
	if (time < clock.now() - 30 * day) {
		return apiError(400, 'InvalidInput', 'The timestamp must be in the past 30 days.');
	}
	const found = tenant.machines.all.filter(
		({ machine, online }) =>
			machine.ipAddresses.some(({ ipAddress }) => ipAddress === ip) &&
			Date.parse(machine.firstSeen) <= time + ipWindow &&
			// An address shows in the traffic of a device, long before its next full report.
			(online ? clock.now() : Date.parse(machine.lastSeen)) >= time - ipWindow,
	);
	if (found.length === 0) {
		return apiError(404, 'ResourceNotFound', `No machine had the IP address ${ip} at that time.`);
	}
	return machinesAnswer(found);
}

function machinesAnswer(devices: Device[]): Answer {
	return jsonAnswer(200, {
		'@odata.context': contextOf('Machines'),
		value: devices.map(entityOf),
	});
}

function notFound(id: string): Answer {
	return apiError(404, 'ResourceNotFound', `Machine ${id} was not found.`);
}

function entityOf(device: Device): Record<string, unknown> {
	return { ...device.machine };
}
