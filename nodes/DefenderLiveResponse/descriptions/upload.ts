/** The options of an upload to the library. */
import type { INodeProperties } from 'n8n-workflow';

export const uploadOptions: INodeProperties[] = [
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		placeholder: 'e.g. Collects processes and connections',
		description: 'What the file is for, as the library shows it',
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. triage.ps1',
		description:
			'Name in the library instead of the one the file has. Letters, digits, hyphens, underscores and dots only.',
	},
	{
		displayName: 'Has Parameters',
		name: 'hasParameters',
		type: 'boolean',
		default: false,
		description: 'Whether the script takes parameters',
	},
	{
		displayName: 'Overwrite',
		name: 'overwrite',
		type: 'boolean',
		default: false,
		description: 'Whether to replace a file of the same name',
	},
	{
		displayName: 'Parameters Description',
		name: 'parametersDescription',
		type: 'string',
		default: '',
		placeholder: 'e.g. The name of the process',
		description: "What to enter as parameters. Turns on 'Has Parameters'.",
	},
];
