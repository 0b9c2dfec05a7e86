/** Which script runs: one of the live response library, or one that the workflow carries. */
import type { INodeProperties } from 'n8n-workflow';

import type { ScriptType } from '../domain/scriptText';
import { choiceField } from './choice';
import { libraryFileLocator } from './libraryFile';

/**
 * Where an agent chooses the arguments, a text of its own choosing must not run on a device: as a tool
 * the node runs scripts of the library alone.
 */
const notAsTool = { '@tool': [true] };

/** Fields that depend on others take no expression: the editor could not tell what to show. */
export const scriptSource = choiceField({
	displayName: 'Script Source',
	name: 'scriptSource',
	type: 'options',
	noDataExpression: true,
	default: 'library',
	description: 'Where the script comes from',
	displayOptions: { hide: notAsTool },
	options: [
		{
			name: 'Library',
			value: 'library',
			description: 'A script that is already in the live response library',
		},
		{
			name: 'Text',
			value: 'text',
			description: 'A script that is part of the workflow. Needs the permission Library.Manage.',
		},
	],
});

const fromText = { show: { scriptSource: ['text'] }, hide: notAsTool };

export const scriptLocator: INodeProperties = {
	...libraryFileLocator('scriptName', 'Script', 'Select a script…'),
	description: 'The script to run, from the live response library',
	displayOptions: { hide: { scriptSource: ['text'] } },
};

export const scriptType = choiceField<ScriptType>({
	displayName: 'Script Type',
	name: 'scriptType',
	type: 'options',
	noDataExpression: true,
	default: 'powershell',
	description: 'Which shell runs the script on the device',
	displayOptions: fromText,
	options: [
		{ name: 'Bash', value: 'bash', description: 'On Linux and macOS' },
		{
			name: 'PowerShell',
			value: 'powershell',
			description:
				'On Windows. The tenant must allow unsigned scripts, or the text must end with a signature.',
		},
	],
});

const POWERSHELL_TRIAGE = `$os = Get-CimInstance Win32_OperatingSystem
$user = (Get-CimInstance Win32_ComputerSystem).UserName
$processes = @(Get-Process | Sort-Object CPU -Descending | Select-Object -First 10 Name, Id, Path)
$connections = @(Get-NetTCPConnection -State Established | Select-Object RemoteAddress, RemotePort, OwningProcess)
@{ computer = $env:COMPUTERNAME; os = $os.Caption; user = $user; processes = $processes; connections = $connections } | ConvertTo-Json -Depth 3 -Compress
`;

const BASH_TRIAGE = `#!/bin/bash
list() { tr -d '"\\\\\\t' | sort -u | head -n 50 | sed 's/.*/"&"/' | paste -sd, -; }
users=$(who | cut -d' ' -f1 | list)
processes=$(ps -eo comm= | list)
echo "{\\"computer\\":\\"$(uname -n)\\",\\"os\\":\\"$(uname -sr)\\",\\"users\\":[$users],\\"processes\\":[$processes]}"
`;

const scriptTextOf = (type: ScriptType, preset: string): INodeProperties => ({
	displayName: 'Script Text',
	name: 'scriptText',
	type: 'string',
	typeOptions: { rows: 12 },
	noDataExpression: true,
	default: preset,
	required: true,
	description:
		'The script, which runs exactly as it is here: use Arguments for what differs between devices. The node keeps it in the live response library as a file named after its content.',
	displayOptions: { show: { ...fromText.show, scriptType: [type] }, hide: notAsTool },
});

/** One field to the user; each type begins with a script of its own. */
export const scriptText: Record<ScriptType, INodeProperties> = {
	powershell: scriptTextOf('powershell', POWERSHELL_TRIAGE),
	bash: scriptTextOf('bash', BASH_TRIAGE),
};

export const scriptArguments: INodeProperties = {
	displayName: 'Arguments',
	name: 'args',
	type: 'string',
	default: '',
	placeholder: 'e.g. -Days 7 -Verbose',
	description: 'The arguments to call the script with',
	hint: 'Live response rejects the characters ; & | ! and $',
};

/** The fields of one script, in the editor's order. */
export const scriptFields: INodeProperties[] = [
	scriptSource,
	scriptLocator,
	scriptType,
	scriptText.powershell,
	scriptText.bash,
	scriptArguments,
];

export const scriptSha256: INodeProperties = {
	displayName: 'Script SHA-256',
	name: 'scriptSha256',
	type: 'string',
	default: '',
	placeholder: 'e.g. 6e212a0db618507c44e4ec8ee7499dfef7e5767e5f8d31144df3b96fd1145caf',
	description:
		'The SHA-256 hash that the script must have in the library, or it is not run. Needs the permission Library.Manage.',
};

/** A text is named by its own hash. */
export const scriptSha256Option: INodeProperties = {
	...scriptSha256,
	displayOptions: { hide: { '/scriptSource': ['text'] } },
};

export const encodeArgumentsOption = choiceField({
	displayName: 'Encode Arguments',
	name: 'encodeArguments',
	type: 'options',
	default: 'none',
	description: 'How the arguments are passed to the script',
	options: [
		{
			name: 'Base64',
			value: 'base64',
			description:
				'As one word that the script decodes. It may contain any character, and none can become part of the command line.',
		},
		{ name: 'None', value: 'none', description: 'As they are' },
	],
});
