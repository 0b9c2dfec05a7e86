/** The one list of resources and operations: the editor's fields and the dispatch are made from it. */
import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import { nodeError } from '../inputs/nodeErrors';
import { campaign } from './campaign';
import { connection } from './connection';
import { libraryFile } from './libraryFile';
import { liveResponse } from './liveResponse';
import { machine } from './machine';
import { machineAction } from './machineAction';
import type { Operation, Resource } from './operation';
import { result } from './result';

/** In the order of their names, as the editor shows them. */
export const resources: readonly Resource[] = [
	campaign,
	connection,
	machine,
	libraryFile,
	liveResponse,
	machineAction,
	result,
];

/** 'Resource', 'Operation', and the fields of each operation. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: 'liveResponse',
		options: resources.map(({ displayName, resource }) => ({
			name: displayName,
			value: resource,
		})),
	},
	...resources.flatMap((resource) => [operationField(resource), ...fieldsOf(resource)]),
];

function operationField({ resource, defaultOperation, operations }: Resource) {
	const options = Object.entries(operations).map(([value, { entry }]) => ({ ...entry, value }));
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		default: defaultOperation,
		options: options.sort((a, b) => a.name.localeCompare(b.name, 'en')),
	} satisfies INodeProperties;
}

function fieldsOf({ resource, operations }: Resource): INodeProperties[] {
	return Object.entries(operations).flatMap(([operation, { fields }]) =>
		updateDisplayOptions({ show: { resource: [resource], operation: [operation] } }, fields),
	);
}

/** Expressions and AI tools can name an operation that the editor would not offer. */
export function findOperation(
	functions: IExecuteFunctions,
	resource: unknown,
	operation: unknown,
): Operation {
	const operations = resources.find((known) => known.resource === resource)?.operations ?? {};
	if (typeof operation === 'string' && Object.hasOwn(operations, operation)) {
		return operations[operation];
	}
	throw nodeError(functions.getNode(), 'invalidInput', {
		message: "This combination of 'Resource' and 'Operation' does not exist",
		description: 'Choose a resource from the list, then one of its operations.',
	});
}
