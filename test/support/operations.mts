import { resources } from '../../nodes/DefenderLiveResponse/actions/operations';
import type { Operation } from '../../nodes/DefenderLiveResponse/actions/operation';

/** Every operation of the node by the values of its resource and of itself. */
export const operationPairs = resources.flatMap(({ resource, operations }) =>
	Object.keys(operations).map((operation): [resource: string, operation: string] => [
		resource,
		operation,
	]),
);

export function operationOf(resource: string, operation: string): Operation {
	return resources.find((known) => known.resource === resource)!.operations[operation];
}
