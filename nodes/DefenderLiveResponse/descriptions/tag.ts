import type { INodeProperties } from 'n8n-workflow';

export const tagField: INodeProperties = {
	displayName: 'Tag',
	name: 'tag',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Under investigation',
	description: 'Upper and lower case count. Device groups may go by tags.',
};
