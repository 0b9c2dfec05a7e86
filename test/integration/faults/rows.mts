/** The rows of the fault matrix: every operation, and of each the calls that a fault can hit. */
import { createHash } from 'node:crypto';

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../../emulator/emulator.mts';
import { systemClock } from '../../support/instantClock.mts';
import { byId } from '../../support/resourceLocator.mts';
import { deviceActions, type DeviceActionRow } from '../deviceActions.mts';
import { apiClient } from '../emulator/client.mts';

export interface Prepared {
	items: INodeExecutionData[];
	parameters: INodeParameters;
	/** What must come out, item by item. */
	json: IDataObject[];
	/** How many items have had their effect, and none of them twice. */
	effects?(): number;
}

export interface Row {
	/** `resource: operation`, as in actions/operations.ts. */
	operation: string;
	/** The call that the fault hits, and how often each call is made when nothing goes wrong. */
	call: string;
	calls: Record<string, number>;
	/** One call for all items: when it is refused, all of them are. */
	isForAll?: boolean;
	host: 'api' | 'download';
	prepare(emulator: Emulator): Promise<Prepared> | Prepared;
	lostCode?: string;
	/** How long it holds back for a limit, where that is not as long as the options say. */
	longestHoldSeconds?: number;
	/** An upload that may be sent again after a lost answer. */
	isRepeatable?: boolean;
}

let made = 0;
const unique = (prefix: string) => `${prefix}-${++made}`;

const transcript = (output: string) => ({
	type: 'RunScript' as const,
	scriptName: 'triage.ps1',
	transcript: { exitCode: 0, output: output.padEnd(2000, '.') },
});

/** 3,600 characters that gzip makes little smaller: a tiny body is never slow. */
const evidence = Array.from({ length: 400 }, (_, at) => String(Math.sin(at + 1)).slice(-9)).join(
	'',
);

/** Two machine actions that are over, each with a result of its own. */
async function pastActions(
	emulator: Emulator,
	parameters: INodeParameters,
	json: IDataObject = {},
) {
	const ids = ['one', 'two'].map((output) =>
		String(emulator.tenant.actions.add({ commands: [transcript(output)] })),
	);
	await emulator.settled();
	return {
		items: ids.map((id) => ({ json: { id } })),
		parameters: { machineActionId: byId('={{ $json.id }}'), ...parameters },
		json: ids.map((machineActionId) => ({ machineActionId, ...json })),
	};
}

const waitedActions = async (emulator: Emulator) =>
	await pastActions(
		emulator,
		{ resource: 'machineAction', operation: 'wait', options: {} },
		{ status: 'Succeeded', finished: true },
	);

/** Two devices on which something is to be run. */
function devices(
	emulator: Emulator,
	parameters: INodeParameters,
	json: IDataObject[],
	scriptName?: string,
): Prepared {
	const ids = [0, 1].map(() =>
		emulator.tenant.machines.add({
			computerDnsName: `${unique('matrix')}.contoso.example`,
			files: { 'C:\\evidence.txt': evidence },
		}),
	);
	return {
		items: ids.map((id) => ({ json: { id } })),
		parameters: { machineId: byId('={{ $json.id }}'), comment: 'matrix', ...parameters },
		json: ids.flatMap((machineId) => json.map((fields) => ({ machineId, ...fields }))),
		...(scriptName === undefined
			? {}
			: {
					effects() {
						const runs = ids.map((id) => emulator.tenant.machines.runsOf(id, scriptName));
						expect(Math.max(...runs)).toBeLessThanOrEqual(1);
						return runs.filter((count) => count === 1).length;
					},
				}),
	};
}

const SCRIPT = { commandType: 'RunScript', commandStatus: 'Completed', exit_code: 0 };
const FILE = { commandType: 'GetFile', commandStatus: 'Completed', fileSize: 3600 };
const PUT = { commandType: 'PutFile', commandStatus: 'Completed', status: 'Succeeded' };

const liveResponse = {
	runScript: {
		hasResult: true,
		prepare: (emulator: Emulator) =>
			devices(
				emulator,
				{ scriptName: byId('triage.ps1') },
				[{ ...SCRIPT, script_name: 'triage.ps1' }],
				'triage.ps1',
			),
	},
	getFile: {
		hasResult: true,
		prepare: (emulator: Emulator) =>
			devices(emulator, { filePath: 'C:\\evidence.txt', binaryPropertyName: 'data' }, [FILE]),
	},
	putFile: {
		hasResult: false,
		prepare: (emulator: Emulator) =>
			devices(emulator, { libraryFileName: byId('tool.exe') }, [PUT]),
	},
	runCommands: {
		hasResult: true,
		prepare: (emulator: Emulator) =>
			devices(
				emulator,
				{
					commands: {
						command: [
							{ type: 'PutFile', libraryFileName: 'tool.exe' },
							{ type: 'RunScript', scriptName: 'triage.ps1' },
						],
					},
				},
				[PUT, SCRIPT],
				'triage.ps1',
			),
	},
};

function liveResponseRows(): Row[] {
	return Object.entries(liveResponse).flatMap(([name, { hasResult, prepare }]) => {
		const calls: Record<string, number> = { start: 2, ...(hasResult ? { link: 2, file: 2 } : {}) };
		return Object.keys(calls).map((call): Row => ({
			operation: `liveResponse: ${name}`,
			call,
			calls,
			host: call === 'file' ? 'download' : 'api',
			prepare: (emulator) => {
				const prepared = prepare(emulator);
				const resource = { resource: 'liveResponse', operation: name, options: {} };
				return { ...prepared, parameters: { ...resource, ...prepared.parameters } };
			},
		}));
	});
}

/** Two devices that are asked for the same, each of which does it once. */
function deviceActionRows({ operation, type, parameters, hasFile }: DeviceActionRow): Row[] {
	const calls: Record<string, number> = { start: 2, ...(hasFile ? { package: 2, file: 2 } : {}) };
	return Object.keys(calls).map((call): Row => ({
		operation: `machine: ${operation}`,
		call,
		calls,
		host: call === 'file' ? 'download' : 'api',
		prepare(emulator) {
			const wanted = { resource: 'machine', operation, waitForCompletion: true, options: {} };
			const prepared = devices(emulator, { ...wanted, ...parameters }, [
				{ type, status: 'Succeeded', finished: true },
			]);
			return {
				...prepared,
				effects() {
					const made = prepared.items.map(({ json }) => actionsOn(emulator, String(json.id), type));
					expect(Math.max(...made)).toBeLessThanOrEqual(1);
					return made.filter((count) => count === 1).length;
				},
			};
		},
	}));
}

/** Two devices whose tag is changed. */
const tagRow = (operation: string, before: string[], after: string[]): Row => ({
	operation: `machine: ${operation}`,
	call: 'tags',
	calls: { tags: 2 },
	host: 'api',
	prepare(emulator) {
		const parameters = { resource: 'machine', operation, tag: 'Tag', options: {} };
		const prepared = devices(emulator, parameters, [{ machineTags: after }]);
		for (const { json } of prepared.items) {
			emulator.tenant.machines.get(String(json.id))!.machine.machineTags = [...before];
		}
		return prepared;
	},
});

const actionsOn = ({ tenant }: Emulator, device: string, type: string) =>
	tenant.actions.all.filter((action) => action.machineId === device && action.type === type).length;
/** A text of its own for each run: listed, uploaded once for both devices, and started. */
const scriptTextRows = ['library', 'upload'].map((call): Row => ({
	operation: 'liveResponse: runScript',
	call,
	calls: { library: 1, upload: 1, start: 2, link: 2, file: 2 },
	isForAll: true,
	isRepeatable: true,
	host: 'api',
	prepare: (emulator) =>
		devices(
			emulator,
			{
				resource: 'liveResponse',
				operation: 'runScript',
				options: {},
				scriptSource: 'text',
				scriptType: 'powershell',
				scriptText: `Write-Output '${unique('matrix')}'`,
			},
			[SCRIPT],
		),
}));

const result = (
	operation: string,
	call: string,
	parameters: INodeParameters,
	json: IDataObject,
): Row => ({
	operation: `result: ${operation}`,
	call,
	calls: operation === 'getLink' ? { link: 2 } : { link: 2, file: 2 },
	host: call === 'file' ? ('download' as const) : ('api' as const),
	prepare: async (emulator: Emulator) =>
		await pastActions(
			emulator,
			{ resource: 'result', operation, options: {}, ...parameters },
			{ commandIndex: 0, ...json },
		),
});

const TRANSCRIPT = { source: 'machineAction' };
const PARSED = { exit_code: 0, script_name: 'triage.ps1', parse: 'strict' };

const libraryNames = () => [unique('matrix-a'), unique('matrix-b')].map((name) => `${name}.ps1`);
const inLibrary = (emulator: Emulator, name: string) =>
	emulator.tenant.library.all.some(({ fileName }) => fileName === name);

interface Campaigns {
	keys: string[];
	/** Tags of the devices of each. */
	names: string[];
	comments: string[];
}

/** Two campaigns, each with a device of its own. */
function campaigns(): Campaigns {
	const keys = [unique('campaign'), unique('campaign')];
	const names = keys.map((key) => `${key}.contoso.example`);
	const comments = keys.map((key) => {
		const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
		return `[n8n s=1 w=2 e=3 n=4 r=0 i=0 f=00ff c=${digest}] matrix`;
	});
	return { keys, names, comments };
}

function campaignRow(
	operation: string,
	calls: Record<string, number>,
	call: string,
	prepare: (
		emulator: Emulator,
		made: Campaigns,
	) => Promise<{ json: IDataObject[]; parameters?: INodeParameters }>,
): Row {
	return {
		operation: `campaign: ${operation}`,
		...{ call, calls },
		host: call === 'file' ? 'download' : 'api',
		prepare: async (emulator) => {
			const made = campaigns();
			const { json, parameters } = await prepare(emulator, made);
			return {
				items: made.keys.map((key, at) => ({ json: { key, name: made.names[at] } })),
				json,
				parameters: {
					...{ resource: 'campaign', operation, campaignKey: '={{ $json.key }}' },
					startsAt: new Date(emulator.clock.now() - 24 * 3_600_000).toISOString(),
					options: {},
					...parameters,
				},
			};
		},
	};
}

const byDevice = { devicesFrom: 'filters', filters: { computerDnsName: '={{ $json.name }}' } };

async function asked(emulator: Emulator, { keys, names }: Campaigns) {
	for (const computerDnsName of names) emulator.tenant.machines.add({ computerDnsName });
	return { keys, names };
}

const advanced = (calls: Record<string, number>, call: string): Row => ({
	longestHoldSeconds: 20,
	...campaignRow('advance', calls, call, async (emulator, made) => {
		const { keys } = await asked(emulator, made);
		// An advance does not wait for the starts of other cells to leave the minute.
		await systemClock.sleep(60_000);
		return {
			json: keys.map((campaign) => ({ campaign, devices: 1, startedNow: 1, pending: 1 })),
			parameters: { ...byDevice, scriptName: byId('triage.ps1'), comment: 'matrix' },
		};
	}),
});

const status = (calls: Record<string, number>, call: string) =>
	campaignRow('getStatus', calls, call, async (emulator, made) => {
		const { keys, names } = await asked(emulator, made);
		return {
			json: keys.map((campaign, at) => ({
				...{ campaign, computerDnsName: names[at], state: 'queued' },
			})),
			parameters: byDevice,
		};
	});

const collected = (call: string) =>
	campaignRow('getResults', { actions: 2, link: 2, file: 2 }, call, async (emulator, made) => {
		const ids = made.comments.map((comment) =>
			String(emulator.tenant.actions.add({ comment, commands: [transcript('one')] })),
		);
		await emulator.settled();
		return {
			json: ids.map((machineActionId) => ({ machineActionId, ...PARSED })),
			parameters: { returnAll: true },
		};
	});

const canceled = (call: string) =>
	campaignRow('cancel', { actions: 2, cancel: 2 }, call, async (emulator, { keys, comments }) => {
		const ids: string[] = [];
		for (const comment of comments) ids.push(await pendingAction(emulator, comment));
		return {
			json: ids.map((machineActionId, at) => ({
				...{ campaign: keys[at], machineActionId, cancelRequested: true },
			})),
		};
	});

export const rows: Row[] = [
	advanced({ actions: 2, machines: 2, start: 2 }, 'actions'),
	advanced({ actions: 2, machines: 2, start: 2 }, 'machines'),
	status({ actions: 2, machines: 2 }, 'actions'),
	status({ actions: 2, machines: 2 }, 'machines'),
	collected('actions'),
	collected('link'),
	collected('file'),
	canceled('actions'),
	canceled('cancel'),
	result('getLink', 'link', {}, { link: expect.stringMatching(/^http/) as unknown as string }),
	result('parseTranscript', 'link', TRANSCRIPT, PARSED),
	result('parseTranscript', 'file', TRANSCRIPT, PARSED),
	result('download', 'link', {}, { mimeType: 'application/json' }),
	result('download', 'file', {}, { mimeType: 'application/json' }),
	...liveResponseRows(),
	...deviceActions.flatMap(deviceActionRows),
	tagRow('addTag', [], ['Tag']),
	tagRow('removeTag', ['Tag'], []),
	...scriptTextRows,
	{
		operation: 'machineAction: get',
		call: 'action',
		calls: { action: 2 },
		host: 'api',
		prepare: async (emulator) =>
			await pastActions(
				emulator,
				{ resource: 'machineAction', operation: 'get', options: {} },
				{ status: 'Succeeded', finished: true },
			),
	},
	{
		operation: 'machineAction: wait',
		call: 'action',
		calls: { action: 1 },
		host: 'api',
		prepare: async (emulator) => {
			const { items, json, ...prepared } = await waitedActions(emulator);
			return { ...prepared, items: items.slice(0, 1), json: json.slice(0, 1) };
		},
	},
	{
		operation: 'machineAction: wait',
		call: 'actions',
		calls: { actions: 1 },
		isForAll: true,
		host: 'api',
		prepare: waitedActions,
	},
	{
		operation: 'machineAction: getAll',
		call: 'actions',
		calls: { actions: 2 },
		host: 'api',
		prepare: (emulator) => {
			const ids = [0, 1].map(() =>
				emulator.tenant.machines.add({ computerDnsName: `${unique('matrix')}.contoso.example` }),
			);
			const actions = ids.map((machineId) =>
				String(emulator.tenant.actions.add({ machineId, commands: [] })),
			);
			return {
				items: ids.map((id) => ({ json: { id } })),
				parameters: {
					resource: 'machineAction',
					operation: 'getAll',
					filters: { machineId: byId('={{ $json.id }}') },
					options: {},
				},
				json: actions.map((machineActionId) => ({ machineActionId })),
			};
		},
	},
	{
		operation: 'machineAction: cancel',
		call: 'cancel',
		calls: { cancel: 2 },
		host: 'api',
		prepare: async (emulator) => {
			const ids = await Promise.all([0, 1].map(async () => await pendingAction(emulator)));
			return {
				items: ids.map((id) => ({ json: { id } })),
				parameters: {
					resource: 'machineAction',
					operation: 'cancel',
					machineActionId: byId('={{ $json.id }}'),
					options: {},
				},
				json: ids.map((machineActionId) => ({ machineActionId })),
			};
		},
	},
	{
		operation: 'machine: get',
		call: 'machine',
		calls: { machine: 2 },
		host: 'api',
		prepare: (emulator) => {
			const ids = [0, 1].map(() =>
				emulator.tenant.machines.add({ computerDnsName: `${unique('matrix')}.contoso.example` }),
			);
			return {
				items: ids.map((id) => ({ json: { id } })),
				parameters: {
					resource: 'machine',
					operation: 'get',
					machineId: byId('={{ $json.id }}'),
					options: {},
				},
				json: ids.map((machineId) => ({ machineId })),
			};
		},
	},
	{
		operation: 'machine: getAll',
		call: 'machines',
		calls: { machines: 2 },
		host: 'api',
		prepare: (emulator) => {
			const names = [0, 1].map(() => `${unique('matrix')}.contoso.example`);
			for (const computerDnsName of names) emulator.tenant.machines.add({ computerDnsName });
			return {
				items: names.map((name) => ({ json: { name } })),
				parameters: {
					resource: 'machine',
					operation: 'getAll',
					filters: { computerDnsName: '={{ $json.name }}' },
					options: {},
				},
				json: names.map((computerDnsName) => ({ computerDnsName })),
			};
		},
	},
	{
		operation: 'libraryFile: getAll',
		call: 'library',
		calls: { library: 1 },
		host: 'api',
		prepare: (emulator) => {
			const files = emulator.tenant.library.all;
			return {
				items: [{ json: {} }],
				parameters: {
					resource: 'libraryFile',
					operation: 'getAll',
					returnAll: true,
					options: {},
				},
				json: files.map(({ fileName }) => ({ fileName })),
			};
		},
	},
	{
		operation: 'libraryFile: upload',
		call: 'upload',
		calls: { upload: 1 },
		host: 'api',
		prepare: (emulator) => {
			const fileName = `${unique('matrix')}.ps1`;
			const data = Buffer.from(fileName).toString('base64');
			return {
				items: [{ json: {}, binary: { data: { data, mimeType: 'text/plain' } } }],
				parameters: {
					resource: 'libraryFile',
					operation: 'upload',
					binaryPropertyName: 'data',
					options: { fileName },
				},
				json: [{ fileName }],
				effects: () => Number(inLibrary(emulator, fileName)),
			};
		},
	},
	{
		operation: 'libraryFile: delete',
		call: 'delete',
		calls: { delete: 2 },
		host: 'api',
		prepare: (emulator) => {
			const names = libraryNames();
			for (const fileName of names) emulator.tenant.library.add({ fileName });
			return {
				items: names.map((name) => ({ json: { name } })),
				parameters: {
					resource: 'libraryFile',
					operation: 'delete',
					libraryFileName: byId('={{ $json.name }}'),
					options: {},
				},
				json: names.map((fileName) => ({ fileName, deleted: true })),
				effects: () => names.filter((name) => !inLibrary(emulator, name)).length,
			};
		},
	},
];

async function pendingAction(emulator: Emulator, comment = 'matrix'): Promise<string> {
	const machineId = emulator.tenant.machines.add({
		computerDnsName: `${unique('matrix')}.contoso.example`,
		online: false,
	});
	const { json } = await apiClient(emulator).post(`/machines/${machineId}/runliveresponse`, {
		Commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: 'triage.ps1' }] }],
		Comment: comment,
	});
	return String(json?.id);
}
