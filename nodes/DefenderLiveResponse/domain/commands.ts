/**
 * The commands of a live response: checked before anything is sent, and put into the order the API
 * demands (files to the device, scripts, files from the device).
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response
 */
import { isLibraryFileName } from './libraryFile';
import type { CommandParameter, CommandType } from './machineAction';

export type CommandSpec =
	| { type: 'PutFile'; fileName: string }
	| { type: 'RunScript'; scriptName: string; args: string }
	| { type: 'GetFile'; path: string };

export interface Command {
	type: CommandType;
	params: CommandParameter[];
}

export type CommandsOutcome =
	| { kind: 'commands'; commands: Command[] }
	| { kind: 'invalid'; message: string; description: string };

const ORDER: readonly CommandType[] = ['PutFile', 'RunScript', 'GetFile'];

/** The commands as the API takes them; those of one type keep their order. */
export function buildCommands(specs: CommandSpec[]): CommandsOutcome {
	if (specs.length === 0) {
		return {
			kind: 'invalid',
			message: 'There is no command to run',
			description: "Add at least one entry to 'Commands'.",
		};
	}
	for (const spec of specs) {
		const objection = objectionTo(spec);
		if (objection) return { kind: 'invalid', ...objection };
	}
	const commands = ORDER.flatMap((type) => specs.filter((spec) => spec.type === type)).map(command);
	return { kind: 'commands', commands };
}

function command(spec: CommandSpec): Command {
	switch (spec.type) {
		case 'PutFile':
			return { type: spec.type, params: [{ key: 'FileName', value: spec.fileName }] };
		case 'GetFile':
			return { type: spec.type, params: [{ key: 'Path', value: spec.path }] };
		case 'RunScript':
			return {
				type: spec.type,
				params: [
					{ key: 'ScriptName', value: spec.scriptName },
					...(spec.args === '' ? [] : [{ key: 'Args', value: spec.args }]),
				],
			};
	}
}

type Objection = { message: string; description: string };

function objectionTo(spec: CommandSpec): Objection | null {
	switch (spec.type) {
		case 'PutFile':
			return libraryNameObjection('Library File', spec.fileName);
		case 'RunScript':
			return libraryNameObjection('Script', spec.scriptName) ?? argumentsObjection(spec.args);
		case 'GetFile':
			return pathObjection(spec.path);
	}
}

/** The library takes other names, but a live response does not find them. */
function libraryNameObjection(field: string, name: string): Objection | null {
	if (isLibraryFileName(name)) return null;
	if (name === '') {
		return { message: `'${field}' is empty`, description: 'Choose a file from the library.' };
	}
	return {
		message: `'${field}' has a name that live response cannot use`,
		description:
			'Names may contain letters, digits, hyphens, underscores and dots; a space or a path makes the device look for another file. Upload it to the library again under a plain name.',
	};
}

/** https://learn.microsoft.com/en-us/defender-endpoint/live-response-command-examples */
const REFUSED_IN_ARGUMENTS = /[;&|!$]/;

function argumentsObjection(args: string): Objection | null {
	const refused = REFUSED_IN_ARGUMENTS.exec(args)?.[0];
	if (refused !== undefined) {
		return {
			message: `'Arguments' contains a character that live response rejects: ${refused}`,
			description:
				'These are ; & | ! and $. Encode the value, for instance as Base64 with {{ value.base64Encode() }}, and decode it in the script.',
		};
	}
	if (/[\r\n\0]/.test(args)) {
		return {
			message: "'Arguments' contains a line break",
			description: 'Arguments must be one line. Encode the value and decode it in the script.',
		};
	}
	return null;
}

function pathObjection(path: string): Objection | null {
	if (/^([A-Za-z]:\\|\\\\|\/)./.test(path)) return null;
	return {
		message: path === '' ? "'File Path' is empty" : "'File Path' is not an absolute path",
		description:
			'Enter the full path on the device, e.g. C:\\Windows\\Temp\\report.csv or /var/log/syslog.',
	};
}
