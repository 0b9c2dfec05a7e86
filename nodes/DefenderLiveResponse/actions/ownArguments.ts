import type { IExecuteFunctions } from 'n8n-workflow';

import { nodeError } from '../inputs/nodeErrors';
import { isAgentsCall } from '../runs/nodeCall';

/**
 * Some agents call a tool several times at once, and n8n then gives all calls the arguments of the
 * first: what a field gets by $fromAI may belong to another device.
 * @throws NodeOperationError when the fields of this call would be filled from another one
 */
export function assertOwnArguments(functions: IExecuteFunctions): void {
	if (!isAgentsCall(functions)) return;
	const given = functions.getInputData()[0]?.json ?? {};
	const isMixedUp = Object.keys(given).some((name) => {
		const filled = filledIn(functions, name);
		return (
			filled.isKnown && JSON.stringify(filled.value) !== JSON.stringify(given[name] ?? undefined)
		);
	});
	if (!isMixedUp) return;
	throw nodeError(functions.getNode(), 'invalidInput', {
		message: 'n8n mixed up the arguments of two calls of this tool',
		description:
			'Nothing was done. Call the tool again, one call at a time: some agents use the arguments of the first call for all calls that they make at once. The AI Agent node does not from version 3 on.',
	});
}

/** Not known where n8n gives no such value outside of an expression. */
function filledIn(functions: IExecuteFunctions, name: string) {
	try {
		const proxy = functions.getWorkflowDataProxy(0);
		const fromAI = proxy.$fromAI as ((key: string) => unknown) | undefined;
		return fromAI ? { isKnown: true, value: fromAI(name) ?? undefined } : { isKnown: false };
	} catch {
		return { isKnown: false };
	}
}
