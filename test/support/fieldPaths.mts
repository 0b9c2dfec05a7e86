/** Every field of a description, down into its collections. */
import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';

export interface FieldPath {
	/** Names from the field of the node down, such as `options.batching.batch.batchSize`. */
	path: string;
	field: INodeProperties;
	/** Values of other fields, by their paths, with which it is shown. */
	shownWith: Record<string, unknown>;
}

/** Fields that take no expression are chosen in the editor and left out. */
export function fieldPaths(
	fields: INodeProperties[],
	parent = '',
	shownWith: Record<string, unknown> = {},
): FieldPath[] {
	return fields
		.filter(({ noDataExpression }) => noDataExpression !== true)
		.flatMap((field) => {
			const path = `${parent}${field.name}`;
			const shown = { ...shownWith, ...conditions(field, parent) };
			return [{ path, field, shownWith: shown }, ...inside(field, path, shown)];
		});
}

function inside(
	{ type, options = [] }: INodeProperties,
	path: string,
	shownWith: Record<string, unknown>,
): FieldPath[] {
	switch (type) {
		case 'collection':
			return fieldPaths(options as INodeProperties[], `${path}.`, shownWith);
		case 'fixedCollection':
			return (options as INodePropertyCollection[]).flatMap(({ name, values }) =>
				fieldPaths(values, `${path}.${name}.`, shownWith),
			);
		default:
			return [];
	}
}

function conditions({ displayOptions }: INodeProperties, parent: string): Record<string, unknown> {
	const shown = Object.entries(displayOptions?.show ?? {}).filter(
		([name]) => !['resource', 'operation', 'authentication'].includes(name),
	);
	// A name with a slash is that of a field of the node.
	const pathOf = (name: string) => (name.startsWith('/') ? name.slice(1) : `${parent}${name}`);
	return Object.fromEntries(shown.map(([name, values]) => [pathOf(name), values?.[0]]));
}
