/** Fields of the Options collection that several operations share. */
import type { INodeProperties } from 'n8n-workflow';

export const decompressOption: INodeProperties = {
	displayName: 'Decompress',
	name: 'decompress',
	type: 'boolean',
	default: true,
	description:
		'Whether to unpack a gzip file, which is how files from a device arrive. Zip archives are never unpacked.',
};

export const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. triage.json',
	description: 'Name to give the file instead of the one it arrives with',
};

export const includeActionOption: INodeProperties = {
	displayName: 'Include Machine Action',
	name: 'includeAction',
	type: 'boolean',
	default: false,
	description:
		'Whether to read the machine action as well and add its device, status and command. Takes one more API call.',
};

export const maxFileSizeOption = (defaultMb: number): INodeProperties => ({
	displayName: 'Max File Size (MB)',
	name: 'maxFileSizeMb',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: defaultMb,
	description: 'The largest file to accept, after unpacking',
});

export const maxRateLimitWaitOption: INodeProperties = {
	displayName: 'Max Rate Limit Wait (Seconds)',
	name: 'maxRateLimitWaitSeconds',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 300,
	description:
		'How long to wait when the API limit is used up, apart from the usual spacing of calls. If it takes longer, the item fails with HTTP 429, for Retry On Fail or the error output.',
};

export const parseOutputAsJsonOption: INodeProperties = {
	displayName: 'Parse Output as JSON',
	name: 'parseOutputAsJson',
	type: 'boolean',
	default: false,
	description: 'Whether to add output_json when the output of the script is JSON',
};

export const rawOutputOption: INodeProperties = {
	displayName: 'Raw Output',
	name: 'rawOutput',
	type: 'boolean',
	default: false,
	description:
		"Whether to keep PowerShell's 'Transcript started' line, NULs and line breaks at the end of the output",
};

export const batchSizeField: INodeProperties = {
	displayName: 'Items per Batch',
	name: 'batchSize',
	type: 'number',
	typeOptions: { minValue: -1 },
	default: 50,
	description: 'How many items to start at once. -1 or 0 turns batching off.',
};

export const batchIntervalField: INodeProperties = {
	displayName: 'Batch Interval (Ms)',
	name: 'batchInterval',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1000,
	description: 'Time between batches in milliseconds. 0 turns batching off.',
};

/** The same option as in n8n's HTTP Request node. */
export const batchingOption: INodeProperties = {
	displayName: 'Batching',
	name: 'batching',
	type: 'fixedCollection',
	placeholder: 'Add Batching',
	typeOptions: { multipleValues: false },
	default: { batch: {} },
	description:
		'Starts the items in batches with a pause in between. The API limits are kept without it.',
	options: [
		{
			displayName: 'Batching',
			name: 'batch',
			values: [batchSizeField, batchIntervalField],
		},
	],
};

/** The options of an operation that calls the API for each of many items. */
export const optionsCollection = (more: INodeProperties[] = []): INodeProperties =>
	optionsOfOneItem([batchingOption, ...more]);

/** Those of an operation that is run once, for a campaign or a credential. */
export const optionsOfOneItem = (more: INodeProperties[] = []): INodeProperties =>
	collectionOf([maxRateLimitWaitOption, ...more]);

/** An option that does nothing unless a field of the node has this value is not offered then. */
export const shownWith = (
	show: Record<`/${string}`, Array<string | boolean>>,
	...options: INodeProperties[]
): INodeProperties[] =>
	options.map((option) => ({ ...option, displayOptions: { ...option.displayOptions, show } }));

/** The collection itself; entries are shown in alphabetical order. */
export function collectionOf(entries: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...entries].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}
