/** The one list of resources and operations: the editor's fields and the dispatch are made from it. */
import {
	updateDisplayOptions,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';

import { nodeError } from '../inputs/nodeErrors';
import { campaign } from './campaign';
import { connection } from './connection';
import { libraryFile } from './libraryFile';
import { liveResponse } from './liveResponse';
import { machine } from './machine';
import { machineAction } from './machineAction';
import { answersModel } from './modelAnswer';
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

/** Below the node's name on the canvas, as the lists call it: "Get Many: Device". Resources share names of operations. */
export const subtitle = `={{ ${chosenIn(
	'operation',
	resources.flatMap(({ operations }) =>
		Object.entries(operations).map(([value, { entry }]) => [value, entry.name]),
	),
)} + ": " + ${chosenIn(
	'resource',
	resources.map(({ resource, displayName }) => [resource, displayName]),
)} }}`;

function chosenIn(field: string, names: string[][]): string {
	return `(${JSON.stringify(Object.fromEntries(names) as Record<string, string>)})[$parameter["${field}"]]`;
}

/** What n8n makes of the node for an AI agent. */
const notAsTool = { '@tool': [true] };

const isForAgents = (operations: Resource['operations']) =>
	Object.values(operations).some(({ isKeptFromAgents }) => !isKeptFromAgents);

/** 'Resource', 'Operation', and the fields of each operation. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		default: 'liveResponse',
		options: resources.map(({ displayName, description, resource, operations }) => ({
			name: displayName,
			value: resource,
			...(description === undefined ? {} : { description }),
			...(isForAgents(operations) ? {} : { displayOptions: { hide: notAsTool } }),
		})),
	},
	...resources.flatMap((resource) => [...operationFields(resource), ...fieldsOf(resource)]),
];

/** Where something is kept from agents, the tool that n8n makes of the node has a list of its own. */
function operationFields(resource: Resource): INodeProperties[] {
	const all = Object.entries(resource.operations);
	const forAgents = all.filter(([, { isKeptFromAgents }]) => !isKeptFromAgents);
	const show = { resource: [resource.resource] };
	if (forAgents.length === all.length) return [operationField(resource, all, { show })];
	const ofPeople = operationField(resource, all, { show, hide: notAsTool });
	if (forAgents.length === 0) return [ofPeople];
	return [ofPeople, operationField(resource, forAgents, { show: { ...show, ...notAsTool } })];
}

function operationField(
	{ defaultOperation }: Resource,
	operations: Array<[value: string, Operation]>,
	displayOptions: IDisplayOptions,
) {
	const options = operations.map(([value, { entry }]) => ({ ...entry, value }));
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions,
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
	const operations = resources.find((known) => known.resource === resource)?.operations;
	const isNamed =
		operations && typeof operation === 'string' && Object.hasOwn(operations, operation);
	const found = isNamed ? operations[operation] : undefined;
	// Where a tool shows none of them, n8n leaves out which one is meant.
	const isKept = found ? found.isKeptFromAgents : operations && !isForAgents(operations);
	if (isKept && answersModel(functions)) throw keptFromAgentsError(functions);
	if (found) return found;
	throw nodeError(functions.getNode(), 'invalidInput', {
		message: "This combination of 'Resource' and 'Operation' does not exist",
		description: 'Choose a resource from the list, then one of its operations.',
	});
}

const keptFromAgentsError = (functions: IExecuteFunctions) =>
	nodeError(functions.getNode(), 'notAllowed', {
		message: 'An AI agent cannot use this operation',
		description:
			'It changes devices, or belongs to a campaign, and these are for workflows. Give the agent a sub-workflow that does it, and that asks a person before it changes anything: see the recipes of this package.',
	});
