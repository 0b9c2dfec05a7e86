/** Fields that name a file among the binary data of an item, or give one. */
import type { IBinaryData } from 'n8n-workflow';

import { inputBinaryField, outputBinaryField } from '../descriptions/binaryFields';
import { isRecord } from '../domain/record';
import { givenFor, isGiven } from './field';
import type { NodeContext } from './nodeContext';
import { fieldError, notA } from './rejection';
import { asText } from './text';

/** The name of the field that a file is put in. */
export function outputFieldOf(context: NodeContext): string {
	const value = givenFor(context, outputBinaryField);
	if (isGiven(value)) return asText(context, outputBinaryField, value);
	throw emptyError(context, outputBinaryField);
}

/** What n8n's helpers take: a name or path, or what `{{ $binary.data }}` gives. */
export function inputFileOf(context: NodeContext): string | IBinaryData {
	const value = givenFor(context, inputBinaryField);
	if (!isGiven(value)) throw emptyError(context, inputBinaryField);
	if (isFile(value)) return value;
	if (!isRecord(value)) {
		if (context.functions.isToolExecution?.()) throw noFileError(context);
		return asText(context, inputBinaryField, value, WAY_OUT);
	}
	throw notA(context, inputBinaryField, 'a file', value, WAY_OUT);
}

const WAY_OUT =
	'Enter the name of a binary field, such as data, or use an expression such as {{ $binary.data }}.';

function isFile(value: unknown): value is IBinaryData {
	return (
		isRecord(value) &&
		typeof value.mimeType === 'string' &&
		(typeof value.id === 'string' || typeof value.data === 'string')
	);
}

const noFileError = (context: NodeContext) =>
	fieldError(context, `'${inputBinaryField.displayName}' names a file, and a tool gets none`, {
		description:
			'An agent hands over text only. Give it a workflow as its tool, which gets the file and then uses this operation.',
	});

const emptyError = (context: NodeContext, { displayName }: { displayName: string }) =>
	fieldError(context, `'${displayName}' is empty`, {
		description: 'Enter the name of a binary field, such as data.',
	});
