import type { INodeProperties } from 'n8n-workflow';

/** The device an operation works on. `resolveMachineId` in transport/machines reads its modes. */
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
			hint: 'The whole DNS name as Defender shows it. Of several entries, the active one is taken.',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '^\\s*[^\\s/\\\\]+\\s*$',
						errorMessage: 'A DNS name has no spaces and no slashes',
					},
				},
			],
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
			hint: 'Alerts and incidents name it as machineId or deviceId. An Entra device ID works too.',
			validation: [
				{
					type: 'regex',
					properties: {
						regex:
							'^\\s*([0-9a-fA-F]{40}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\\s*$',
						errorMessage:
							'The ID of a device has 40 hexadecimal digits; the ID of an Entra device is a GUID',
					},
				},
			],
		},
	],
};
