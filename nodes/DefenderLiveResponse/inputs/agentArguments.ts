/** What the model of an agent asked for, held against what n8n gives the fields. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { nodeError } from './nodeErrors';

/**
 * Agents up to version 2.2 that work on several items at once number the calls of a tool alike: `$fromAI` then
 * gives one call what the model said in another. The call's own arguments are in its input item.
 */
export function assertOwnArguments(functions: IExecuteFunctions): void {
	const node = functions.getNode();
	const caller = functions.getExecuteData()?.node;
	if (caller === undefined || caller.name === node.name) return;
	const fromAI = functions.getWorkflowDataProxy(0).$fromAI as (name: string) => unknown;
	for (const [name, own] of Object.entries(functions.getInputData()[0]?.json ?? {})) {
		if (JSON.stringify(fromAI(name)) === JSON.stringify(own)) continue;
		throw nodeError(node, 'invalidInput', {
			message: 'n8n gives this tool call the arguments of another one',
			description:
				"Nothing was done, because it would have been done to the wrong device. This happens where an AI Agent up to version 2.2 works on several items at once: update it to version 3, or set its option 'Batch Size' to 1.",
		});
	}
}
