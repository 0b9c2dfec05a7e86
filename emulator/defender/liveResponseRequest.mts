import type { Answer } from '../http/answer.mts';
import type { Incoming } from '../http/incoming.mts';
import type { CommandRequest, CommandType } from '../tenant/machineAction.mts';
import { apiError } from './apiError.mts';
import { isObject, jsonObject } from './jsonBody.mts';

export interface LiveResponseRequest {
	comment: string;
	externalId: string | null;
	commands: CommandRequest[];
}

export type LiveResponseBody =
	{ kind: 'request'; request: LiveResponseRequest } | { kind: 'refused'; answer: Answer };

const members = ['Commands', 'Comment', 'ExternalId'];
const keysOf: Record<CommandType, { required: string; optional: string[] }> = {
	PutFile: { required: 'FileName', optional: [] },
	RunScript: { required: 'ScriptName', optional: ['Args'] },
	GetFile: { required: 'Path', optional: [] },
};
/** The API's order of commands in one session. */
const rank: Record<CommandType, number> = { PutFile: 0, RunScript: 1, GetFile: 2 };
/** https://learn.microsoft.com/defender-endpoint/live-response-command-examples */
const refusedInArgs = /[;&|!$]/;

const refused =
	(code: 'InvalidInput' | 'InvalidRequestBody' | 'MissingRequiredParameter') =>
	(message: string): LiveResponseBody => ({
		kind: 'refused',
		answer: apiError(400, code, message),
	});
const invalidInput = refused('InvalidInput');
const invalidBody = refused('InvalidRequestBody');
const missing = refused('MissingRequiredParameter');

/**
 * Reads the body of `runliveresponse`.
 * https://learn.microsoft.com/defender-endpoint/api/run-live-response
 */
export function readLiveResponse(incoming: Incoming): LiveResponseBody {
	const body = jsonObject(incoming, members);
	if (body.kind === 'refused') return body;
	const { Commands, Comment, ExternalId } = body.value;
	if (Comment === undefined || Comment === '') return missing("'Comment' is required.");
	if (typeof Comment !== 'string') return invalidBody("'Comment' must be a string.");
	if (ExternalId !== undefined && ExternalId !== null && typeof ExternalId !== 'string') {
		return invalidBody("'ExternalId' must be a string.");
	}
	if (Commands === undefined) return missing("'Commands' is required.");
	if (!Array.isArray(Commands)) return invalidBody("'Commands' must be an array.");
	if (Commands.length === 0) return invalidInput('There must be at least one command.');

	const commands: CommandRequest[] = [];
	for (const entry of Commands as unknown[]) {
		const outcome = readCommand(entry);
		if ('kind' in outcome) return outcome;
		const previous = commands.at(-1);
		if (previous !== undefined && rank[previous.type] > rank[outcome.type]) {
			return invalidInput('The commands must come in the order PutFile, RunScript, GetFile.');
		}
		commands.push(outcome);
	}
	return {
		kind: 'request',
		request: { comment: Comment, externalId: ExternalId ?? null, commands },
	};
}

function readCommand(entry: unknown): CommandRequest | LiveResponseBody {
	if (!isObject(entry)) return invalidBody('A command must be an object.');
	const unknown = Object.keys(entry).find((name) => name !== 'type' && name !== 'params');
	if (unknown !== undefined) return invalidBody(`A command has an unknown member '${unknown}'.`);
	const { type, params } = entry;
	if (!isCommandType(type)) {
		return invalidInput("A command's type must be PutFile, RunScript or GetFile.");
	}
	if (!Array.isArray(params)) return missing("A command's 'params' are required.");
	const { required, optional } = keysOf[type];
	const read: CommandRequest['params'] = [];
	for (const param of params as unknown[]) {
		if (!isObject(param)) return invalidBody('A parameter must be an object.');
		const { key, value, ...rest } = param;
		if (Object.keys(rest).length > 0) {
			return invalidBody(`A parameter has an unknown member '${Object.keys(rest)[0]}'.`);
		}
		if (typeof key !== 'string' || (key !== required && !optional.includes(key))) {
			return invalidInput(`${type} does not take the parameter '${String(key)}'.`);
		}
		if (typeof value !== 'string' || value === '') {
			return invalidInput(`The parameter '${key}' must be a string that is not empty.`);
		}
		if (read.some((other) => other.key === key)) {
			return invalidInput(`The parameter '${key}' is given twice.`);
		}
		if (key === 'Args' && refusedInArgs.test(value)) {
			return invalidInput('Arguments must not contain any of the characters ; & | ! $ .');
		}
		read.push({ key, value });
	}
	if (!read.some(({ key }) => key === required)) {
		return missing(`${type} needs the parameter '${required}'.`);
	}
	return { type, params: read };
}

function isCommandType(value: unknown): value is CommandType {
	return typeof value === 'string' && Object.hasOwn(keysOf, value);
}
