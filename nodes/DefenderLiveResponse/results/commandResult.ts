/** From a machine action and a command index to its result file, or to the reason there is none. */
import type { MachineAction } from '../domain/machineAction';
import { missingResult, type MissingResult } from '../domain/missingResult';
import { apiError, type ErrorText } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { shownWords } from '../transport/shownWords';
import { getMachineAction } from '../api/machineActions';
import { PACKAGE_ACTION } from './packageLink';
import { requestResultLink, type ResultLink } from './resultLink';

/** A result file appears a few seconds after its command has completed. */
const LINK_LAG_WAITS_MS = [2000, 3000, 5000, 10_000];

export type Download =
	{ kind: 'result'; link: ResultLink } | { kind: 'package'; action: MachineAction };

/**
 * What there is to fetch of a machine action, of which the caller may know all: the link to a command's result
 * costs one call. Only when the API knows of none, the machine action is read to say why, and a result that is
 * about to appear is waited for.
 */
export async function findDownload(
	connection: Connection,
	command: { machineActionId: string; commandIndex: number; action?: MachineAction },
): Promise<Download> {
	const { machineActionId, commandIndex, action: known } = command;
	if (known?.type === PACKAGE_ACTION) return { kind: 'package', action: known };
	const link = await requestResultLink(connection, machineActionId, commandIndex);
	if (link) return { kind: 'result', link };

	const action = await getMachineAction(connection, machineActionId);
	if (action.type === PACKAGE_ACTION) return { kind: 'package', action };
	const reason = missingResult(action, commandIndex);
	if (reason.kind === 'notYetStored') {
		for (const waitMs of LINK_LAG_WAITS_MS) {
			if (!(await connection.clock.sleep(waitMs, connection.signal))) break;
			const late = await requestResultLink(connection, machineActionId, commandIndex);
			if (late) return { kind: 'result', link: late };
		}
	}
	throw missingResultError(connection, { machineActionId, commandIndex }, reason);
}

/** The same where only a command's result will do. */
export async function findResultLink(
	connection: Connection,
	machineActionId: string,
	commandIndex: number,
): Promise<ResultLink> {
	const command = { machineActionId, commandIndex };
	const found = await findDownload(connection, command);
	if (found.kind === 'result') return found.link;
	throw missingResultError(connection, command, missingResult(found.action, commandIndex));
}

/** @throws NodeApiError when it is of another type, which has no commands and no results of them */
export function assertLiveResponse(connection: Connection, { id, type }: MachineAction): void {
	if (type === 'LiveResponse') return;
	const command = { machineActionId: id, commandIndex: 0 };
	throw missingResultError(connection, command, { kind: 'notLiveResponse', type });
}

function missingResultError(
	connection: Connection,
	{ machineActionId, commandIndex }: { machineActionId: string; commandIndex: number },
	reason: MissingResult,
) {
	return apiError(
		connection.functions.getNode(),
		'404',
		reason.kind === 'unfinished' ? 'notFinished' : 'noResult',
		missingResultMessage(commandIndex, reason),
		{ machineActionId },
	);
}

/** Only one operation has this field. */
const ALL_COMMANDS = "; 'All Commands' of 'Get Script Output' gives every one.";

function missingResultMessage(commandIndex: number, reason: MissingResult): ErrorText {
	switch (reason.kind) {
		case 'notLiveResponse':
			return {
				message: 'This machine action is not a live response',
				description: `Its type is ${shownWords(reason.type)}. Only live responses have results to fetch here; the operation 'Download' also takes investigation packages.`,
			};
		case 'noSuchCommand':
			return {
				message: `The machine action has no command ${commandIndex}`,
				description: `It has ${reason.count} command(s), counted from 0. Set 'Command Index' accordingly${ALL_COMMANDS}`,
			};
		case 'putFile':
			return {
				message: `Command ${commandIndex} is a PutFile, which leaves no result`,
				description: `Choose the index of a RunScript or GetFile command${ALL_COMMANDS}`,
			};
		case 'unfinished':
			return {
				message: `Command ${commandIndex} has not finished yet`,
				description: `The machine action is ${shownWords(reason.status)}, the command ${shownWords(reason.commandStatus)}. Use the operation 'Wait' of the resource 'Machine Action' first.`,
			};
		case 'ended':
			return {
				message: `Command ${commandIndex} has no result`,
				description: `The command is ${shownWords(reason.commandStatus)}. ${shownWords(reason.reason)}`,
			};
		case 'notYetStored':
			return {
				message: `Defender has no result file for command ${commandIndex}`,
				description:
					'The command completed, but its file is not there. Right after completion it may take a little longer; long after, it may have been deleted after its retention period.',
			};
	}
}
