/** What an item becomes that failed, with On Error: Continue and on the error output. */
import type { INodeExecutionData } from 'n8n-workflow';

import type { RefusalCode } from '../domain/refusalCode';
import { detailsOf } from '../inputs/nodeErrors';
import type { N8nError } from './n8nError';

/**
 * `message` is what is said of it. n8n sends items with only these fields to the error output, when the node
 * has one.
 */
export function refusedItem(
	error: N8nError,
	itemIndex: number,
	message: string,
): INodeExecutionData {
	const { code, ...facts } = detailsOf(error) ?? { code: codeOfN8nError(error) };
	return {
		json: {
			error: message,
			details: {
				code,
				...(error.description ? { description: error.description } : {}),
				...(error.httpCode ? { httpCode: error.httpCode } : {}),
				...facts,
			},
		},
		pairedItem: { item: itemIndex },
	};
}

/** n8n's own trouble, such as a database that does not answer. */
const OF_N8N = ['OperationalError', 'UnexpectedError'];

/** What n8n rejects itself is what a field was given: an expression that fails, a file that is not there. */
function codeOfN8nError({ name }: N8nError): RefusalCode {
	return OF_N8N.includes(name) ? 'unexpected' : 'invalidInput';
}
