import type { INodeProperties } from 'n8n-workflow';

import { choiceField } from '../../descriptions/choice';
import {
	comment,
	fileLocator,
	filePath,
	outputFileField,
	runCommandsOptions,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import {
	scriptArguments,
	scriptLocator,
	scriptSha256,
	scriptSource,
	scriptText,
	scriptType,
} from '../../descriptions/script';
import type { CommandSpec } from '../../domain/commands';
import type { CommandType } from '../../domain/machineAction';
import type { Script } from '../../domain/script';
import { choiceOf } from '../../inputs/choice';
import { entriesOf } from '../../inputs/entries';
import { valueLocatedBy } from '../../inputs/locator';
import { scriptArgumentsOf } from '../../inputs/script';
import { textOf } from '../../inputs/text';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { runLiveResponse } from '../../runs/runLiveResponse';
import { scriptToRun } from './scriptToRun';

/** A hash belongs to one script, and there may be several. */
const scriptCommandFields = [
	scriptSource,
	scriptLocator,
	{ ...scriptSha256, displayOptions: scriptLocator.displayOptions },
	scriptType,
	scriptText.powershell,
	scriptText.bash,
	scriptArguments,
].map((field) => shownFor('RunScript', field));

const commandType = choiceField<CommandType>({
	displayName: 'Type',
	name: 'type',
	type: 'options',
	default: 'RunScript',
	options: [
		{ name: 'Get File', value: 'GetFile', description: 'Fetch a file from the device' },
		{ name: 'Put File', value: 'PutFile', description: 'Copy a library file to the device' },
		{ name: 'Run Script', value: 'RunScript', description: 'Run a script' },
	],
});

const commandFields: INodeProperties[] = [
	commandType,
	...scriptCommandFields,
	shownFor('PutFile', fileLocator),
	shownFor('GetFile', filePath),
];

/** None is required: where an expression gives the type, n8n shows those of all types. */
function shownFor(type: CommandType, field: INodeProperties): INodeProperties {
	const { show, hide } = field.displayOptions ?? {};
	return {
		...field,
		required: false,
		displayOptions: { show: { type: [type], ...show }, ...(hide ? { hide } : {}) },
	};
}

const commands: INodeProperties = {
	displayName: 'Commands',
	name: 'commands',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Command',
	default: { command: [{ type: 'RunScript' }] },
	description:
		'What to do in one session. Files are copied to the device first, then scripts run, then files are fetched; the first command that fails ends the session.',
	options: [
		{
			displayName: 'Command',
			name: 'command',
			values: commandFields,
		},
	],
};

export const entry: Operation['entry'] = {
	name: 'Run Commands',
	action: 'Run live response commands',
	description: 'Copy files, run scripts and fetch files in one session on a device',
};

export const fields: Operation['fields'] = [
	machineLocator,
	commands,
	outputFileField,
	comment,
	waitForCompletion,
	runCommandsOptions,
];

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	const scripts: Script[] = [];
	const specs = entriesOf(context, commands, 'command').map((entry): CommandSpec => {
		const type = choiceOf(entry, commandType);
		switch (type) {
			case 'RunScript': {
				const script = scriptToRun(entry, scriptSha256);
				scripts.push(script);
				return { type, scriptName: script.fileName, args: scriptArgumentsOf(entry, context) };
			}
			case 'PutFile':
				return { type, fileName: valueLocatedBy(entry, fileLocator) };
			case 'GetFile':
				return { type, path: textOf(entry, filePath) };
		}
	});
	return await runLiveResponse(context, specs, scripts);
}
