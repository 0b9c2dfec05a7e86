/** One way to meet each code that a failed item can have. A unit test holds the table complete. */
import { contosoActions } from '../../../emulator/contoso/history.mts';
import { contosoMachineId } from '../../../emulator/contoso/machines.mts';
import type { Emulator } from '../../../emulator/emulator.mts';
import type { FaultOrder } from '../../../emulator/faults/fault.mts';
import type { ActionOptions } from '../../../emulator/tenant/pastAction.mts';
import type { RefusalCode } from '../../../nodes/DefenderLiveResponse/domain/refusalCode';
import { digest } from '../../../nodes/DefenderLiveResponse/runs/digest';
import { byId } from '../../support/resourceLocator.mts';

export interface RefusalRow {
	code: RefusalCode;
	/** What is done, besides the options. */
	parameters: Record<string, unknown>;
	options?: Record<string, unknown>;
	/** Ordered before it is done. */
	fault?: FaultOrder;
	/** Fields of the credential that are not right. */
	credential?: Record<string, string>;
	/** Done to the tenant before; each way of doing it has a device of its own. */
	prepare?(emulator: Emulator, machineId: string): void;
	/** Stop is pressed while it is done. */
	isStopped?: boolean;
	/** What is known beside the code; `machineActionId` is any. */
	facts?: readonly Fact[];
}

export type Fact = 'machineActionId' | 'apiCode' | 'exit_code' | 'output' | 'error';

export const twinName = 'pc-twin.contoso.example';

/** Stands for the device that each way of doing a row has for itself. */
export const OWN_DEVICE = 'its own device';

const byName = (value: string) => ({ __rl: true, mode: 'name', value });
const contosoDevice = (name: string) => byId(contosoMachineId(`${name}.contoso.example`));

const device = (machineId: object) => ({ resource: 'machine', operation: 'get', machineId });
const devices = { resource: 'machine', operation: 'getAll', limit: 5 };
const script = (scriptName: string, machineId: object = byId(OWN_DEVICE)) => ({
	resource: 'liveResponse',
	operation: 'runScript',
	machineId,
	scriptName: byId(scriptName),
});
const transcriptOf = (id: string) => ({
	resource: 'result',
	operation: 'parseTranscript',
	machineActionId: byId(id),
});

const UNFINISHED = '5d0f5c1e-6f0b-4b53-9d5b-6c8a0f7e2a91';
const KEY = 'alert-7';
const VERBOSE = 'a4c8f3de-0b57-4a86-8a43-3f2f5b1d9c70';

/** A machine action of the tenant, whichever way is first to need it. */
const once =
	(id: string, action: ActionOptions): RefusalRow['prepare'] =>
	({ tenant }) => {
		if (!tenant.actions.get(id)) tenant.actions.add({ id, ...action });
	};

/** In the order of the documentation. */
export const refusalRows: readonly RefusalRow[] = [
	{ code: 'invalidInput', parameters: { ...devices, filters: { ipAddress: 'everywhere' } } },
	{ code: 'deviceNotFound', parameters: device(byName('nobody.contoso.example')) },
	{ code: 'deviceAmbiguous', parameters: device(byName(twinName)) },
	{
		code: 'deviceBusy',
		parameters: script('triage.ps1'),
		prepare: (emulator, machineId) => {
			emulator.configure({ starts: { race: 'refused' }, lag: { action: 0, list: 0 } });
			emulator.tenant.machines.change(machineId, { online: false });
			emulator.tenant.startElsewhere(machineId);
		},
		facts: ['machineActionId'],
	},
	{
		code: 'deviceUnsupported',
		parameters: script('triage.ps1', contosoDevice('pc-old-07')),
		facts: ['apiCode'],
	},
	{
		code: 'notAllowed',
		parameters: script('triage.ps1', contosoDevice('pc-lab-07')),
		facts: ['apiCode'],
	},
	{
		code: 'permissionMissing',
		parameters: devices,
		fault: { kind: 'forbidden', path: /\/machines/ },
	},
	{ code: 'signInFailed', parameters: devices, credential: { clientSecret: 'wrong' } },
	{
		code: 'rateLimited',
		parameters: devices,
		fault: { kind: 'tooManyRequests', path: /\/machines/, count: Infinity },
	},
	{
		code: 'sessionsExhausted',
		parameters: script('triage.ps1'),
		options: { maxWaitMinutes: 1 },
		fault: { kind: 'tooManyRequests', retryAfter: 'absent', path: /runliveresponse/, count: 40 },
	},
	{
		code: 'startUnknown',
		parameters: script('triage.ps1'),
		fault: { kind: 'resetBefore', path: /runliveresponse/ },
	},
	{
		code: 'keyReused',
		parameters: script('triage.ps1'),
		options: { idempotencyKey: KEY },
		prepare: ({ tenant }, machineId) => {
			tenant.actions.add({
				machineId,
				comment: `[n8n s=0a1b w=2c3d e=7 n=4e5f r=0 i=0 f=00ff k=${digest(KEY)}] Alert 7`,
				commands: [{ type: 'RunScript', scriptName: 'fails.ps1' }],
			});
		},
		facts: ['machineActionId'],
	},
	{
		code: 'scriptNotFound',
		parameters: {
			resource: 'libraryFile',
			operation: 'delete',
			libraryFileName: byId('nobody.ps1'),
		},
	},
	{
		code: 'scriptChanged',
		parameters: script('triage.ps1'),
		options: { scriptSha256: 'ab'.repeat(32) },
	},
	{
		code: 'notFinished',
		parameters: transcriptOf(UNFINISHED),
		prepare: once(UNFINISHED, {
			status: 'InProgress',
			commands: [{ type: 'RunScript', scriptName: 'triage.ps1', status: 'Created' }],
		}),
		facts: ['machineActionId'],
	},
	{
		code: 'noResult',
		parameters: transcriptOf(contosoActions.putFile),
		facts: ['machineActionId'],
	},
	{
		code: 'nonZeroExit',
		parameters: script('fails.ps1'),
		options: { failOnNonZeroExit: true },
		facts: ['machineActionId', 'exit_code', 'output', 'error'],
	},
	{
		code: 'exitCodeUnknown',
		parameters: script('unsigned.ps1'),
		options: { failOnNonZeroExit: true },
		facts: ['machineActionId'],
	},
	{
		code: 'fileTooLarge',
		parameters: transcriptOf(VERBOSE),
		options: { maxFileSizeMb: 1 },
		prepare: once(VERBOSE, {
			commands: [
				{
					type: 'RunScript',
					scriptName: 'verbose.ps1',
					transcript: { output: 'process listing\n'.repeat(100_000) },
				},
			],
		}),
		facts: ['machineActionId'],
	},
	{
		code: 'fileIncomplete',
		parameters: transcriptOf(contosoActions.realTranscript),
		fault: { kind: 'resetMidBody', count: Infinity },
		facts: ['machineActionId'],
	},
	{
		code: 'hostNotAllowed',
		parameters: transcriptOf(contosoActions.realTranscript),
		fault: { kind: 'redirect', on: 'download', location: 'https://elsewhere.example/file' },
		facts: ['machineActionId'],
	},
	{
		code: 'unreachable',
		parameters: devices,
		fault: { kind: 'resetBefore', path: /\/machines/, count: Infinity },
	},
	{
		code: 'apiError',
		parameters: devices,
		fault: { kind: 'serverError', path: /\/machines/, count: Infinity },
	},
	{
		code: 'canceled',
		parameters: script('slow.ps1'),
		options: { maxWaitMinutes: 100_000 },
		prepare: ({ tenant }, machineId) => tenant.machines.change(machineId, { online: false }),
		isStopped: true,
		facts: ['machineActionId'],
	},
	{
		code: 'unexpected',
		parameters: devices,
		fault: { kind: 'otherBody', path: /\/machines/, body: { value: [null] } },
	},
];
