import type { IBinaryData, IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { inputBinaryField } from '../../descriptions/binaryFields';
import { choiceField } from '../../descriptions/choice';
import { allCommands, commandIndex, machineActionLocator } from '../../descriptions/machineAction';
import {
	batchingOption,
	collectionOf,
	includeActionOption,
	maxFileSizeOption,
	maxRateLimitWaitOption,
	parseOutputAsJsonOption,
	rawOutputOption,
	shownWith,
} from '../../descriptions/options';
import { parseTranscriptText } from '../../domain/transcript';
import type { TranscriptFields, TranscriptOptions } from '../../domain/transcriptFields';
import { getMachineAction } from '../../api/machineActions';
import { inputFileOf } from '../../inputs/binaryField';
import { booleanOf } from '../../inputs/boolean';
import { choiceOf } from '../../inputs/choice';
import { inOptions } from '../../inputs/field';
import { documentOf } from '../../inputs/document';
import { nodeError } from '../../inputs/nodeErrors';
import { machineActionParameter } from '../../inputs/machineActionParameter';
import { LARGEST_TRANSCRIPT_MB, MEGABYTE, MOST_TRANSCRIPT_BYTES } from '../../domain/fileSize';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { transcriptItem } from '../../results/resultItems';
import { allCommandItems } from '../../results/commandItems';
import { largeTranscript, shownTranscript } from '../../results/shownTranscript';
import { readTranscript } from '../../results/readTranscript';
import {
	commandIndexOf,
	maxBytesOf,
	transcriptOptionsOf,
	wantsAllCommands,
} from '../../inputs/resultParameters';

const source = choiceField({
	displayName: 'Source',
	name: 'source',
	type: 'options',
	default: 'machineAction',
	description: 'Where the transcript comes from',
	options: [
		{
			name: 'Machine Action',
			value: 'machineAction',
			description: 'Fetch the result of a command from Defender',
		},
		{
			name: 'File',
			value: 'binary',
			description: 'Read a result file that an earlier node has downloaded',
		},
		{ name: 'Text', value: 'text', description: 'Read text, such as a field of an earlier node' },
	],
});

const fromMachineAction = { show: { source: ['machineAction'] } };

const transcriptText: INodeProperties = {
	displayName: 'Transcript Text',
	name: 'transcriptText',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	required: true,
	placeholder: 'e.g. {"script_name": "triage.ps1", "exit_code": 0, "script_output": "…"}',
	displayOptions: { show: { source: ['text'] } },
};

export const entry: Operation['entry'] = {
	name: 'Get Script Output',
	action: 'Get script output',
	description: 'Get exit code, output and standard error from the transcript of a script',
};

export const fields: Operation['fields'] = [
	source,
	{ ...machineActionLocator, displayOptions: fromMachineAction },
	{ ...allCommands, displayOptions: fromMachineAction },
	{
		...commandIndex,
		displayOptions: { show: { source: ['machineAction'], allCommands: [false] } },
	},
	{ ...inputBinaryField, displayOptions: { show: { source: ['binary'] } } },
	transcriptText,
	collectionOf([
		...shownWith({ '/source': ['machineAction'] }, batchingOption, maxRateLimitWaitOption),
		...shownWith({ '/source': ['machineAction'], '/allCommands': [false] }, includeActionOption),
		...shownWith(
			{ '/source': ['machineAction', 'binary'] },
			maxFileSizeOption(LARGEST_TRANSCRIPT_MB),
		),
		parseOutputAsJsonOption,
		rawOutputOption,
	]),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export async function execute(context: ItemContext): Promise<INodeExecutionData[]> {
	const options = transcriptOptionsOf(context);
	const from = choiceOf(context, source);
	switch (from) {
		case 'machineAction':
			return await fromDefender(context, options);
		case 'binary':
			return [await fromFile(context, options)];
		case 'text':
			return [fromText(context, options)];
	}
}

async function fromDefender(
	context: ItemContext,
	transcript: TranscriptOptions,
): Promise<INodeExecutionData[]> {
	const machineActionId = machineActionParameter(context);
	const options = {
		...transcript,
		binaryPropertyName: 'data',
		fileName: '',
		decompress: true,
		maxBytes: maxBytesOf(context, LARGEST_TRANSCRIPT_MB),
	};
	const wantsAll = wantsAllCommands(context);
	const index = wantsAll ? 0 : commandIndexOf(context);
	const includesAction = booleanOf(context, inOptions(includeActionOption));
	const connection = await context.connection();
	if (wantsAll) {
		const action = await getMachineAction(connection, machineActionId);
		return await allCommandItems(context, connection, action, options);
	}
	const action = includesAction ? await getMachineAction(connection, machineActionId) : undefined;
	const command = { machineActionId, commandIndex: index, action };
	return [await transcriptItem(context, connection, command, options)];
}

function inputText(context: ItemContext): string {
	const text = documentOf(context, transcriptText);
	if (text !== '') return text;
	throw nodeError(context.functions.getNode(), 'invalidInput', {
		message: "'Transcript Text' is empty",
		itemIndex: context.itemIndex,
		description: 'Enter the content of a result file, or an expression that returns it.',
	});
}

/** What the fields leave out is in the input item. */
function fromText(context: ItemContext, options: TranscriptOptions): INodeExecutionData {
	const text = inputText(context);
	const transcript = parseTranscriptText(text, options);
	const { fields } = shownTranscript(context, transcript, text.length);
	return { json: jsonOf(fields) };
}

/** A file that the fields cannot say all of travels on with the item. */
async function fromFile(
	context: ItemContext,
	options: TranscriptOptions,
): Promise<INodeExecutionData> {
	const { helpers } = context.functions;
	const field = inputFileOf(context);
	const file = helpers.assertBinaryData(context.itemIndex, field);
	const size = await sizeOf(context, file);
	if (size > maxBytesOf(context, LARGEST_TRANSCRIPT_MB)) throw tooLargeError(context);
	const { binary = { data: file } } = context.functions.getInputData()[context.itemIndex];
	if (size > MOST_TRANSCRIPT_BYTES) return { json: jsonOf(largeTranscript(context)), binary };
	const bytes = await helpers.getBinaryDataBuffer(context.itemIndex, field);
	const { transcript, length } = await readTranscript(bytes, options, MOST_TRANSCRIPT_BYTES);
	const { fields, needsFile } = shownTranscript(context, transcript, length);
	return needsFile ? { json: jsonOf(fields), binary } : { json: jsonOf(fields) };
}

const jsonOf = (fields: TranscriptFields) => fields as unknown as IDataObject;

/** In bytes. n8n reads a file into memory as a whole, so this is asked for first. */
async function sizeOf(context: ItemContext, { id, data }: IBinaryData): Promise<number> {
	if (id === undefined) return Buffer.byteLength(data, 'base64');
	return (await context.functions.helpers.getBinaryMetadata(id)).fileSize;
}

function tooLargeError(context: ItemContext) {
	const mb = Math.floor(maxBytesOf(context, LARGEST_TRANSCRIPT_MB) / MEGABYTE);
	return nodeError(context.functions.getNode(), 'fileTooLarge', {
		message: `The file is larger than 'Max File Size' (${mb} MB)`,
		itemIndex: context.itemIndex,
		description: "Raise 'Max File Size' in the options.",
	});
}
