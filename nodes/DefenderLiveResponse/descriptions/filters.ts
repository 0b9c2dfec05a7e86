import type { INodeProperties } from 'n8n-workflow';

/** The conditions of a Get Many operation; entries are shown in alphabetical order. */
export function filtersCollection(entries: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [...entries].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}

/** A choice of values whose names are how people write them. */
export function valuesFilter(
	filter: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
	values: readonly string[],
	preset: readonly string[] = [],
): INodeProperties {
	return {
		...filter,
		type: 'multiOptions',
		default: [...preset],
		options: values.map((value) => ({ name: spaced(value), value })),
	};
}

/** "InProgress" is shown as "In Progress". */
function spaced(value: string): string {
	return value.replace(/([a-z])([A-Z])/g, '$1 $2');
}
