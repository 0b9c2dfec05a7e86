import type { INodeProperties } from 'n8n-workflow';

import {
	comment,
	filePath,
	outputFileField,
	runCommandsOptions,
	scriptArguments,
	waitForCompletion,
} from '../../descriptions/liveResponse';
import { machineLocator } from '../../descriptions/machine';
import { COMMAND_TYPES } from '../../descriptions/trigger';
import type { CommandSpec } from '../../domain/commands';
import { choiceOf } from '../../inputs/choice';
import { entriesOf } from '../../inputs/entries';
import { fieldNamed } from '../../inputs/field';
import type { ItemInputs } from '../../inputs/nodeContext';
import { argumentsOf, textOf } from '../../inputs/text';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { runLiveResponse } from '../../runs/runLiveResponse';

const commandFields: INodeProperties[] = [
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		default: 'RunScript',
		options: [
			{ name: 'Get File', value: 'GetFile', description: 'Fetch a file from the device' },
			{
				name: 'Put File',
				value: 'PutFile',
				description: 'Copy a library file to the device',
			},
			{ name: 'Run Script', value: 'RunScript', description: 'Run a library script' },
		],
	},
	{
		displayName: 'Script',
		name: 'scriptName',
		type: 'string',
		default: '',
		placeholder: 'e.g. triage.ps1',
		description: 'The name of the script in the live response library',
		displayOptions: { show: { type: ['RunScript'] } },
	},
	{ ...scriptArguments, displayOptions: { show: { type: ['RunScript'] } } },
	{
		displayName: 'Library File',
		name: 'libraryFileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. tool.exe',
		description: 'The name of the file in the live response library',
		displayOptions: { show: { type: ['PutFile'] } },
	},
	{ ...filePath, required: false, displayOptions: { show: { type: ['GetFile'] } } },
];

const commandField = (name: string) => fieldNamed(commandFields, name);

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
	comment,
	waitForCompletion,
	outputFileField,
	runCommandsOptions,
];

export const itemsAtOnce = 'all';

/** https://learn.microsoft.com/en-us/defender-endpoint/api/run-live-response */
export async function execute(context: ItemContext) {
	return await runLiveResponse(context, entriesOf(context, commands, 'command').map(commandSpec));
}

function commandSpec(entry: ItemInputs): CommandSpec {
	const type = choiceOf(entry, commandField('type'), COMMAND_TYPES);
	switch (type) {
		case 'RunScript':
			return {
				type,
				scriptName: textOf(entry, commandField('scriptName')),
				args: argumentsOf(entry, scriptArguments),
			};
		case 'PutFile':
			return { type, fileName: textOf(entry, commandField('libraryFileName')) };
		case 'GetFile':
			return { type, path: textOf(entry, filePath) };
	}
}
