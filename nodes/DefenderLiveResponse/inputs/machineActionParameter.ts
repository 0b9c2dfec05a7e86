import { machineActionLocator } from '../descriptions/machineAction';
import { isGuid } from '../domain/identifiers';
import { valueLocatedBy } from './locator';
import type { NodeContext } from './nodeContext';
import { fieldError } from './rejection';

/** The id of the machine action that an item names, in lower case; what cannot be one is refused. */
export function machineActionParameter(context: NodeContext): string {
	const id = valueLocatedBy(context, machineActionLocator);
	if (isGuid(id)) return id.toLowerCase();
	throw fieldError(
		context,
		id === '' ? "'Machine Action' is empty" : "'Machine Action' is not the ID of a machine action",
		{
			description:
				'It looks like 11a86b87-12b8-423b-9e8d-9775ab2da78f. Every operation that starts something on a device returns it as machineActionId.',
		},
	);
}
