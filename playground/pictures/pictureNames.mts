/** Which pictures the documentation has: the one list that the screenshot step keeps to and tests read. */
import type { INodeProperties } from 'n8n-workflow';

import { exampleNames } from '../examples.mts';

/** The alert of the example on the left, the node that runs the script, its item as JSON. */
export const hero = 'alert-to-ticket';

/** The way to a first result, in the order of the steps of README.md. */
export const quickStart = {
	addNode: 'quick-start/1-add-the-node',
	chooseDevice: 'quick-start/2-choose-a-device',
	chooseScript: 'quick-start/3-choose-a-script',
	result: 'quick-start/4-result',
} as const;

export const credentialForms = {
	appRegistration: 'credential',
	oAuth2: 'credential-oauth2',
} as const;

/** The name of a picture in the dark theme. */
export const inDark = (name: string) => `${name}-dark`;

/** The canvas of an example. */
export const canvasOf = (example: string) => `examples/${example}`;

export const triggerPanel = 'operations/trigger';

export interface OfferedOperation {
	readonly resource: string;
	readonly operation: string;
	/** Its words in the list of the node's actions. */
	readonly action: string;
}

/** The panel of an operation. */
export const panelOf = ({
	resource,
	operation,
}: Pick<OfferedOperation, 'resource' | 'operation'>) => `operations/${resource}-${operation}`;

/** Every operation that the editor offers to people: lists for agents hold some of them again. */
export function offeredOperations(properties: readonly INodeProperties[]): OfferedOperation[] {
	const lists = properties.filter(
		({ name, displayOptions }) =>
			name === 'operation' && displayOptions?.show?.['@tool'] === undefined,
	);
	return lists.flatMap(({ displayOptions, options = [] }) =>
		options.flatMap((option) =>
			'value' in option
				? [
						{
							resource: String(displayOptions?.show?.resource?.[0]),
							operation: String(option.value),
							action: option.action ?? option.name,
						},
					]
				: [],
		),
	);
}

/** All pictures by their path below `docs/images`, without the ending. */
export function pictureNames(properties: readonly INodeProperties[]): string[] {
	return [
		hero,
		inDark(hero),
		...Object.values(quickStart),
		...Object.values(credentialForms),
		...exampleNames().map(canvasOf),
		triggerPanel,
		...offeredOperations(properties).map(panelOf),
	];
}
