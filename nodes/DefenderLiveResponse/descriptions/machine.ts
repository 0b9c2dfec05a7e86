/** Fields of devices. */
import type { INodeProperties } from 'n8n-workflow';

/** The device an operation works on. `machineParameter` reads its modes. */
export const machineLocator: INodeProperties = {
	displayName: 'Device',
	name: 'machineId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a device…',
			hint: 'Search by the beginning of a name, an IP address or an ID',
			typeOptions: { searchListMethod: 'searchMachines', searchable: true },
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. desktop-1.contoso.com',
			hint: 'The full DNS name as Defender shows it. If several entries have it, the active one is used.',
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
			hint: 'In alerts and incidents, machineId or deviceId. An Entra device ID works too.',
		},
	],
};

export const tagField: INodeProperties = {
	displayName: 'Tag',
	name: 'tag',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Under investigation',
	description: 'Tags are case-sensitive. Device groups may depend on them.',
};
