import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { inOneText } from '../inputs/nodeErrors';

/** The `reason` of a command whose result could not be fetched; null for what is no refusal. */
export function unfetchedReason(error: unknown): string | null {
	const isRefusal = error instanceof NodeApiError || error instanceof NodeOperationError;
	return isRefusal ? inOneText(error) : null;
}
