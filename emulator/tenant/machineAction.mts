import { toApiTime } from '../clock.mts';
import type { StoredResult } from '../results/resultStore.mts';

export type ActionStatus =
	'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'TimeOut' | 'Cancelled';

export type CommandStatus = 'Created' | 'Executing' | 'Completed' | 'Failed';

export type CommandType = 'PutFile' | 'RunScript' | 'GetFile';

/** A command as the API takes it. */
export interface CommandRequest {
	type: CommandType;
	params: Array<{ key: string; value: string }>;
}

export interface CommandRecord {
	request: CommandRequest;
	status: CommandStatus;
	/** Emulated times, milliseconds since 1970. */
	startedAt: number | null;
	endedAt: number | null;
	errors: string[];
	result: StoredResult | undefined;
}

/** A machine action; times are emulated milliseconds since 1970. */
export interface ActionRecord {
	id: string;
	type: string;
	scope: string | null;
	requestor: string;
	requestorComment: string | null;
	status: ActionStatus;
	machineId: string;
	computerDnsName: string | null;
	createdAt: number;
	updatedAt: number;
	cancellation: {
		requestor: string;
		comment: string;
		at: number;
		/** When the status follows. */
		effectiveAt: number;
	} | null;
	errorHResult: number;
	externalId: string | null;
	requestSource: string;
	relatedFileInfo: { fileIdentifier: string; fileIdentifierType: string } | null;
	commands: CommandRecord[];
	/** Of an investigation package, once it was asked for. */
	package?: StoredResult;
	/** When the first command may start; null before the device picked the action up. */
	pickedUpAt: number | null;
	/** From when on the API shows the action, lists it, and has links to its results. */
	visibleAt: number;
	listedAt: number;
	linksVisibleAt: number;
	/** Members that the API shows in place of the action's own. */
	shownAs?: Record<string, unknown>;
}

export function isFinal(status: ActionStatus): boolean {
	return status !== 'Pending' && status !== 'InProgress';
}

export function paramOf(command: CommandRequest, key: string): string | undefined {
	return command.params.find((param) => param.key === key)?.value;
}

/** The action as the API shows it. */
export function actionEntity(action: ActionRecord): Record<string, unknown> {
	return {
		id: action.id,
		type: action.type,
		title: null,
		requestor: action.requestor,
		requestorComment: action.requestorComment,
		status: action.status,
		machineId: action.machineId,
		computerDnsName: action.computerDnsName,
		creationDateTimeUtc: toApiTime(action.createdAt),
		lastUpdateDateTimeUtc: toApiTime(action.updatedAt),
		cancellationRequestor: action.cancellation?.requestor ?? null,
		cancellationComment: action.cancellation?.comment ?? null,
		cancellationDateTimeUtc:
			action.cancellation === null ? null : toApiTime(action.cancellation.at),
		errorHResult: action.errorHResult,
		scope: action.scope,
		externalId: action.externalId,
		requestSource: action.requestSource,
		relatedFileInfo: action.relatedFileInfo,
		commands: action.commands.map((command, index) => ({
			index,
			startTime: command.startedAt === null ? null : new Date(command.startedAt).toISOString(),
			endTime: command.endedAt === null ? null : new Date(command.endedAt).toISOString(),
			commandStatus: command.status,
			errors: command.errors,
			command: command.request,
		})),
		troubleshootInfo: null,
		...action.shownAs,
	};
}
