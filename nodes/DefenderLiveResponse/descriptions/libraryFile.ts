import type { INodeProperties } from 'n8n-workflow';

/** A file of the live response library, by its name: that is what identifies it. */
export function libraryFileLocator(
	name: string,
	displayName: string,
	placeholder = 'Select a file…',
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'A file in the live response library',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder,
				hint: 'Search by part of the name or description',
				typeOptions: { searchListMethod: 'searchLibraryFiles', searchable: true },
			},
			{
				displayName: 'By Name',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. triage.ps1',
				hint: 'The name in the library, with its extension and without a path',
			},
		],
	};
}
