import { NodeOperationError } from 'n8n-workflow';

import { isGuid } from '../domain/identifiers';
import type { ItemInputs } from './nodeContext';
import { locatorParameter } from './parameters';

/** The id of the machine action that an item names, in lower case; what cannot be one is refused. */
export function machineActionParameter(context: ItemInputs): string {
	const id = locatorParameter(context, 'machineActionId');
	if (isGuid(id)) return id.toLowerCase();
	throw new NodeOperationError(
		context.functions.getNode(),
		id === '' ? "'Machine Action' is empty" : "'Machine Action' is not the id of a machine action",
		{
			itemIndex: context.itemIndex,
			description:
				"It looks like 11a86b87-12b8-423b-9e8d-9775ab2da78f. Every operation of the resource 'Live Response' returns it as machineActionId.",
		},
	);
}
