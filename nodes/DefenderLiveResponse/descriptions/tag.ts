import type { INodeProperties } from 'n8n-workflow';

export const tagField: INodeProperties = {
	displayName: 'Tag',
	name: 'tag',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Under investigation',
	description: 'Tags are case-sensitive. Device groups may depend on them.',
};
