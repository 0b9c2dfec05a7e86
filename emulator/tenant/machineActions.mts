import type { EmulatedClock } from '../clock.mts';
import type { Identifiers } from '../identifiers.mts';
import type { ResultContent, ResultStore } from '../results/resultStore.mts';
import type { Settings } from '../settings.mts';
import { collectedName, gzipFile, transcriptName } from './commandExecution.mts';
import type { Device } from './device.mts';
import type { LifeCycle } from './lifeCycle.mts';
import type { Machines } from './machines.mts';
import {
	isFinal,
	type ActionRecord,
	type ActionStatus,
	type CommandRecord,
	type CommandRequest,
	type CommandStatus,
	type CommandType,
} from './machineAction.mts';
import { transcriptFile } from './transcript.mts';

/** A command of an action that is added as history. */
export interface FinishedCommandOptions {
	type: CommandType;
	/** RunScript. */
	scriptName?: string;
	args?: string;
	/** PutFile. */
	fileName?: string;
	/** GetFile. */
	path?: string;
	/** Default Completed. */
	status?: CommandStatus;
	errors?: string[];
	/** False leaves startTime null although the command ran. */
	started?: boolean;
	/** The whole result file as it is. */
	result?: ResultContent;
	/** RunScript: a result file is made of this. */
	transcript?: { exitCode?: number; output?: string; errors?: string };
	/** GetFile: the file's content; the result is its gzip. */
	content?: Buffer | string;
}

export interface ActionOptions {
	id?: string;
	/** Default LiveResponse. */
	type?: string;
	/** Default Succeeded. */
	status?: ActionStatus;
	/** Default: the first machine of the tenant. */
	machineId?: string;
	commands?: FinishedCommandOptions[];
	comment?: string | null;
	requestor?: string;
	requestSource?: string;
	externalId?: string | null;
	scope?: string | null;
	relatedFileInfo?: ActionRecord['relatedFileInfo'];
	/** How long ago it was created and took, in emulated seconds; default an hour ago, a minute long. */
	createdSecondsAgo?: number;
	tookSeconds?: number;
	cancellation?: { requestor: string; comment: string };
	errorHResult?: number;
}

export interface NewLiveResponse {
	device: Device;
	commands: CommandRequest[];
	comment: string;
	externalId: string | null;
	requestor: string;
}

interface Dependencies {
	clock: EmulatedClock;
	identifiers: Identifiers;
	settings: Settings;
	machines: Machines;
	results: ResultStore;
	lifeCycle: LifeCycle;
}

/** The machine actions of the tenant: those that run, and the history. */
export class MachineActions {
	private readonly dependencies: Dependencies;
	private readonly records = new Map<string, ActionRecord>();
	private readonly active = new Set<ActionRecord>();

	constructor(dependencies: Dependencies) {
		this.dependencies = dependencies;
	}

	/** Brings every running action up to date. */
	settle(): void {
		const now = this.dependencies.clock.now();
		for (const action of this.active) {
			this.dependencies.lifeCycle.settle(action, now);
			if (isFinal(action.status)) this.active.delete(action);
		}
	}

	get(id: string): ActionRecord | undefined {
		return this.records.get(id.toLowerCase());
	}

	/** Newest first. */
	get all(): ActionRecord[] {
		return [...this.records.values()].sort((a, b) => b.createdAt - a.createdAt);
	}

	/** The live response that keeps a device busy. */
	activeOn(machineId: string): ActionRecord | undefined {
		for (const action of this.active) {
			if (action.machineId === machineId && action.type === 'LiveResponse') return action;
		}
		return undefined;
	}

	/** Live responses whose device is there; the others wait in the queue. */
	get openSessions(): number {
		const { machines } = this.dependencies;
		let count = 0;
		for (const action of this.active) {
			if (action.status === 'InProgress' || machines.get(action.machineId)?.online) count += 1;
		}
		return count;
	}

	start(request: NewLiveResponse): ActionRecord {
		const { clock, identifiers, settings } = this.dependencies;
		const now = clock.now();
		const { machine } = request.device;
		const action: ActionRecord = {
			id: identifiers.guid(),
			type: 'LiveResponse',
			scope: null,
			requestor: request.requestor,
			requestorComment: request.comment,
			status: 'Pending',
			machineId: machine.id,
			computerDnsName: machine.computerDnsName,
			createdAt: now,
			updatedAt: now,
			cancellation: null,
			errorHResult: 0,
			externalId: request.externalId,
			requestSource: 'PublicApi',
			relatedFileInfo: null,
			commands: request.commands.map((command) => ({
				request: command,
				status: 'Created',
				startedAt: null,
				endedAt: null,
				errors: [],
				result: undefined,
			})),
			pickedUpAt: null,
			visibleAt: now + settings.lag.action * 1000,
			linksVisibleAt: 0,
		};
		this.records.set(action.id, action);
		this.active.add(action);
		return action;
	}

	/** Asks for the end of an action that waits; the status follows a little later. */
	cancel(action: ActionRecord, requestor: string, comment: string): void {
		const { clock, settings } = this.dependencies;
		const at = clock.now();
		const effectiveAt = at + settings.durations.cancel * 1000;
		action.cancellation = { requestor, comment, at, effectiveAt };
		action.updatedAt = at;
	}

	/** Adds an action as history, or one that stays Pending or InProgress for ever. Returns its id. */
	add(options: ActionOptions = {}): string {
		const { clock, identifiers, machines, results } = this.dependencies;
		const device =
			options.machineId === undefined ? machines.all[0] : machines.get(options.machineId);
		const id = (options.id ?? identifiers.guid()).toLowerCase();
		const createdAt = clock.now() - (options.createdSecondsAgo ?? 3600) * 1000;
		const updatedAt = createdAt + (options.tookSeconds ?? 60) * 1000;
		const store = (command: FinishedCommandOptions, index: number) => {
			const result = resultOf(command, device, identifiers);
			if (result === undefined) return undefined;
			const name =
				command.type === 'GetFile'
					? collectedName(command.path ?? 'file')
					: transcriptName(id, index);
			return results.put(result, name);
		};
		this.records.set(id, {
			id,
			type: options.type ?? 'LiveResponse',
			scope: options.scope ?? null,
			requestor: options.requestor ?? 'analyst@contoso.example',
			requestorComment: options.comment === undefined ? 'Live response' : options.comment,
			status: options.status ?? 'Succeeded',
			machineId: options.machineId ?? device?.machine.id ?? identifiers.hex(40),
			computerDnsName: device?.machine.computerDnsName ?? null,
			createdAt,
			updatedAt,
			cancellation:
				options.cancellation === undefined
					? null
					: { ...options.cancellation, at: updatedAt, effectiveAt: updatedAt },
			errorHResult: options.errorHResult ?? 0,
			externalId: options.externalId ?? null,
			requestSource: options.requestSource ?? 'PublicApi',
			relatedFileInfo: options.relatedFileInfo ?? null,
			commands: (options.commands ?? []).map((command, index): CommandRecord => {
				const status = command.status ?? 'Completed';
				const ran = status === 'Completed' || status === 'Failed';
				return {
					request: { type: command.type, params: paramsOf(command) },
					status,
					startedAt: ran && command.started !== false ? createdAt + 20_000 : null,
					endedAt: ran ? createdAt + 25_000 : null,
					errors: command.errors ?? [],
					result: store(command, index),
				};
			}),
			pickedUpAt: null,
			visibleAt: 0,
			linksVisibleAt: 0,
		});
		return id;
	}
}

function paramsOf(command: FinishedCommandOptions): CommandRequest['params'] {
	switch (command.type) {
		case 'PutFile':
			return [{ key: 'FileName', value: command.fileName ?? 'tool.exe' }];
		case 'GetFile':
			return [{ key: 'Path', value: command.path ?? 'C:\\Temp\\file.txt' }];
		case 'RunScript':
			return [
				{ key: 'ScriptName', value: command.scriptName ?? 'triage.ps1' },
				...(command.args === undefined ? [] : [{ key: 'Args', value: command.args }]),
			];
	}
}

function resultOf(
	command: FinishedCommandOptions,
	device: Device | undefined,
	identifiers: Identifiers,
): ResultContent | undefined {
	if (command.result !== undefined) return command.result;
	if (command.content !== undefined) {
		return gzipFile(Buffer.from(command.content), command.path ?? 'file');
	}
	if (command.transcript === undefined) return undefined;
	return transcriptFile(
		{
			scriptName: command.scriptName ?? 'triage.ps1',
			exitCode: command.transcript.exitCode ?? 0,
			output: command.transcript.output ?? '',
			errors: command.transcript.errors ?? '',
		},
		device?.platform ?? 'windows',
		identifiers.guid(),
	);
}
