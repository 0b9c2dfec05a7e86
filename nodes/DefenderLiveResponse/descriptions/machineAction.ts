import type { INodeProperties } from 'n8n-workflow';

/** The machine action an operation works on. */
export const machineActionLocator: INodeProperties = {
	displayName: 'Machine Action',
	name: 'machineActionId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The machine action whose result to get',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a machine action…',
			hint: "Lists live responses; an isolation, a scan or a package needs 'By ID'. Search by the beginning of a device name, by device ID, or by who started it.",
			typeOptions: { searchListMethod: 'searchMachineActions', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 11a86b87-12b8-423b-9e8d-9775ab2da78f',
			hint: 'Every operation that starts something on a device returns it as machineActionId',
		},
	],
};

export const allCommands: INodeProperties = {
	displayName: 'All Commands',
	name: 'allCommands',
	type: 'boolean',
	default: false,
	description: 'Whether to return one item for every command of the machine action',
	hint: 'Takes one more API call, to read the machine action',
};

export const commandIndex: INodeProperties = {
	displayName: 'Command Index',
	name: 'commandIndex',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description: 'Which command of the machine action, counted from 0',
};

export const cancellationComment: INodeProperties = {
	displayName: 'Comment',
	name: 'comment',
	type: 'string',
	default: 'Cancelled by an n8n workflow',
	description: 'The reason, shown in the action center of the Defender portal',
};
