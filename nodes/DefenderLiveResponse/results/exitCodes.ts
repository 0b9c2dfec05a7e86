/** Fail on Non-Zero Exit: which results of a script are a failure of their item. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { RefusalFacts } from '../domain/refusalCode';
import type { ItemInputs } from '../inputs/nodeContext';
import { nodeError } from '../inputs/nodeErrors';
import { shownWords } from '../transport/shownWords';

/** @throws NodeOperationError for an exit code that is not 0, and for one that is not known */
export function assertExitCodes(context: ItemInputs, items: INodeExecutionData[]): void {
	for (const { json } of items) {
		const { commandType, commandIndex } = json;
		// Without a type it stands for a live response that shows no commands.
		if (commandType !== undefined && commandType !== 'RunScript') continue;
		const command = commandIndex === undefined ? '' : `, command ${String(commandIndex)}`;
		const id = `Machine action ${String(json.machineActionId)}${command}`;
		if (typeof json.exit_code === 'number' && json.exit_code !== 0) {
			const text = {
				message: `The script ended with exit code ${json.exit_code}`,
				itemIndex: context.itemIndex,
				description: `${id}: its output and standard error can be read with the operation 'Get Script Output'.`,
			};
			throw nodeError(context.functions.getNode(), 'nonZeroExit', text, scriptFacts(json));
		}
		const didEnd = commandType === undefined || json.commandStatus === 'Completed';
		const reason = typeof json.reason === 'string' ? shownWords(json.reason) : null;
		if (didEnd && typeof json.exit_code === 'number') continue;
		const text = {
			message: didEnd
				? 'The exit code of the script is not known'
				: 'The script did not run to its end',
			itemIndex: context.itemIndex,
			description: didEnd
				? `${id}: ${reason ?? 'its transcript does not say it, or was not written to its end.'}`
				: `${id} is ${shownWords(String(json.commandStatus))}. ${reason ?? ''}`,
		};
		throw nodeError(context.functions.getNode(), 'exitCodeUnknown', text, scriptFacts(json));
	}
}

/** What a script said, so that nobody has to ask for it again. */
function scriptFacts({ machineActionId, exit_code, output, error }: IDataObject): RefusalFacts {
	return { machineActionId, exit_code, output, error } as RefusalFacts;
}
