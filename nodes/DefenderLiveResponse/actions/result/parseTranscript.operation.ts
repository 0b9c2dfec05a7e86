import {
	NodeOperationError,
	type IDataObject,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import { inputBinaryField } from '../../descriptions/binaryFields';
import { allCommands, commandIndex, machineActionLocator } from '../../descriptions/machineAction';
import {
	includeActionOption,
	maxFileSizeOption,
	optionsCollection,
	parseOutputAsJsonOption,
	rawOutputOption,
} from '../../descriptions/options';
import { isExactText } from '../../domain/resultText';
import {
	parseTranscript,
	parseTranscriptText,
	type TranscriptFields,
} from '../../domain/transcript';
import { getMachineAction } from '../../api/machineActions';
import { option } from '../../inputs/parameters';
import { machineActionParameter } from '../../inputs/machineActionParameter';
import { LARGEST_TRANSCRIPT_MB } from '../../domain/fileSize';
import type { ItemContext } from '../../transport/itemContext';
import type { Operation } from '../operation';
import { allCommandItems, INEXACT_HINT, RAW_HINT, transcriptItem } from '../../results/resultItems';
import {
	binaryFieldOf,
	commandIndexOf,
	maxBytesOf,
	transcriptOptionsOf,
	wantsAllCommands,
} from '../../inputs/resultParameters';

const source: INodeProperties = {
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
};

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
	name: 'Parse Transcript',
	action: 'Parse live response transcript',
	description: 'Get exit code, output and standard error of a script',
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
	optionsCollection([
		includeActionOption,
		maxFileSizeOption(LARGEST_TRANSCRIPT_MB),
		parseOutputAsJsonOption,
		rawOutputOption,
	]),
];

/** https://learn.microsoft.com/en-us/defender-endpoint/api/get-live-response-result */
export async function execute(context: ItemContext): Promise<INodeExecutionData[]> {
	const from = context.functions.getNodeParameter('source', context.itemIndex, 'machineAction');
	switch (from) {
		case 'machineAction':
			return await fromDefender(context);
		case 'binary':
			return [fromFile(context, await inputFile(context))];
		case 'text':
			return [item(context, parseTranscriptText(inputText(context), transcriptOptionsOf(context)))];
		default:
			throw new NodeOperationError(context.functions.getNode(), "'Source' has an unknown value", {
				itemIndex: context.itemIndex,
				description: "Use 'machineAction', 'binary' or 'text'.",
			});
	}
}

async function fromDefender(context: ItemContext): Promise<INodeExecutionData[]> {
	const machineActionId = machineActionParameter(context);
	const connection = await context.connection();
	const options = {
		...transcriptOptionsOf(context),
		binaryPropertyName: 'data',
		fileName: '',
		decompress: true,
		maxBytes: maxBytesOf(context, LARGEST_TRANSCRIPT_MB),
	};
	if (wantsAllCommands(context)) {
		const action = await getMachineAction(connection, machineActionId);
		return await allCommandItems(context, connection, action, options);
	}
	const index = commandIndexOf(context);
	const action = option(context, 'includeAction', false)
		? await getMachineAction(connection, machineActionId)
		: undefined;
	const command = { machineActionId, commandIndex: index, action };
	return [await transcriptItem(context, connection, command, options)];
}

async function inputFile(context: ItemContext): Promise<Buffer> {
	const field = binaryFieldOf(context);
	context.functions.helpers.assertBinaryData(context.itemIndex, field);
	return await context.functions.helpers.getBinaryDataBuffer(context.itemIndex, field);
}

function inputText(context: ItemContext): string {
	const value = context.functions.getNodeParameter('transcriptText', context.itemIndex, '');
	const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
	if (text !== '') return text;
	throw new NodeOperationError(context.functions.getNode(), "'Transcript Text' is empty", {
		itemIndex: context.itemIndex,
		description: 'Enter the content of a result file, or an expression that gives it.',
	});
}

/** A file that text cannot say all of travels on with the item. */
function fromFile(context: ItemContext, file: Buffer): INodeExecutionData {
	const fields = parseTranscript(file, transcriptOptionsOf(context));
	const parsed = item(context, fields);
	if (fields.parse === 'strict' || isExactText(file)) return parsed;
	if (fields.output !== null) context.hint(INEXACT_HINT);
	const { binary } = context.functions.getInputData()[context.itemIndex];
	return binary ? { ...parsed, binary } : parsed;
}

function item(context: ItemContext, fields: TranscriptFields): INodeExecutionData {
	if (fields.parse === 'raw') context.hint(RAW_HINT);
	return { json: { ...fields } as unknown as IDataObject };
}
