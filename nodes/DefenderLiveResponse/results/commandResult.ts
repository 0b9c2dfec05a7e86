/** From a machine action and a command index to its result file, or to the reason there is none. */
import { missingResult, type MissingResult } from '../domain/missingResult';
import { apiError, type ErrorText } from '../inputs/nodeErrors';
import type { Connection } from '../transport/connection';
import { shownWords } from '../transport/shownWords';
import { getMachineAction } from '../api/machineActions';
import { requestResultLink, type ResultLink } from './resultLink';

/** A result file appears a few seconds after its command has completed. */
const LINK_LAG_WAITS_MS = [2000, 3000, 5000, 10_000];

/**
 * The link to a command's result: one call. Only when the API knows of no result, the machine
 * action is read to say why, and a result that is about to appear is waited for.
 */
export async function findResultLink(
	connection: Connection,
	machineActionId: string,
	commandIndex: number,
): Promise<ResultLink> {
	const link = await requestResultLink(connection, machineActionId, commandIndex);
	if (link) return link;

	const action = await getMachineAction(connection, machineActionId);
	const reason = missingResult(action, commandIndex);
	if (reason.kind === 'notYetStored') {
		for (const waitMs of LINK_LAG_WAITS_MS) {
			if (!(await connection.clock.sleep(waitMs, connection.signal))) break;
			const late = await requestResultLink(connection, machineActionId, commandIndex);
			if (late) return late;
		}
	}
	throw missingResultError(connection, { machineActionId, commandIndex }, reason);
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

function missingResultMessage(commandIndex: number, reason: MissingResult): ErrorText {
	switch (reason.kind) {
		case 'notLiveResponse':
			return {
				message: 'This machine action is not a live response',
				description: `Its type is ${shownWords(reason.type)}. Only live responses have results to fetch here.`,
			};
		case 'noSuchCommand':
			return {
				message: `The machine action has no command ${commandIndex}`,
				description: `It has ${reason.count} command(s), counted from 0. Set 'Command Index' accordingly, or turn on 'All Commands'.`,
			};
		case 'putFile':
			return {
				message: `Command ${commandIndex} is a PutFile, which leaves no result`,
				description:
					"Choose the index of a RunScript or GetFile command, or turn on 'All Commands'.",
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
					'The command completed, but its file is not there. Right after completion it may take a little longer; long after, it may be past its retention.',
			};
	}
}
