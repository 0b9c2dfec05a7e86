import { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** The `reason` of a command whose result could not be fetched; null for what is no refusal. */
export function unfetchedReason(error: unknown): string | null {
	if (!(error instanceof NodeApiError) && !(error instanceof NodeOperationError)) return null;
	const { message, description } = error;
	return description ? `${message}. ${description}` : message;
}
