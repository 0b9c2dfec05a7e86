import type { Identifiers } from '../identifiers.mts';
import type { ResultContent, ResultStore } from '../results/resultStore.mts';
import { collectedName, gzipFile, transcriptName } from './commandExecution.mts';
import type { Device } from './device.mts';
import type {
	ActionRecord,
	ActionStatus,
	CommandRecord,
	CommandRequest,
	CommandStatus,
	CommandType,
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
	/** Members of the action as the API shows it, of whatever form. */
	shownAs?: Record<string, unknown>;
}

interface Surroundings {
	/** Emulated milliseconds since 1970. */
	now: number;
	identifiers: Identifiers;
	device: Device | undefined;
	results: ResultStore;
}

/** An action that is over, with its results in the store. */
export function pastAction(options: ActionOptions, surroundings: Surroundings): ActionRecord {
	const { now, identifiers, device } = surroundings;
	const id = (options.id ?? identifiers.guid()).toLowerCase();
	const createdAt = now - (options.createdSecondsAgo ?? 3600) * 1000;
	const updatedAt = createdAt + (options.tookSeconds ?? 60) * 1000;
	return {
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
		commands: (options.commands ?? []).map((command, index) =>
			pastCommand(command, { ...surroundings, createdAt, actionId: id, index }),
		),
		pickedUpAt: null,
		visibleAt: 0,
		listedAt: 0,
		linksVisibleAt: 0,
		shownAs: options.shownAs,
	};
}

function pastCommand(
	command: FinishedCommandOptions,
	place: Surroundings & { createdAt: number; actionId: string; index: number },
): CommandRecord {
	const status = command.status ?? 'Completed';
	const ran = status === 'Completed' || status === 'Failed';
	const content = resultOf(command, place.device, place.identifiers);
	const fileName =
		command.type === 'GetFile'
			? collectedName(command.path ?? 'file')
			: transcriptName(place.actionId, place.index);
	return {
		request: { type: command.type, params: paramsOf(command) },
		status,
		startedAt: ran && command.started !== false ? place.createdAt + 20_000 : null,
		endedAt: ran ? place.createdAt + 25_000 : null,
		errors: command.errors ?? [],
		result: content === undefined ? undefined : place.results.put(content, fileName),
	};
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
