import { resources } from '../../nodes/DefenderLiveResponse/actions/operations';
import type { Operation } from '../../nodes/DefenderLiveResponse/actions/operation';

/** Every operation of the node by the values of its resource and of itself. */
export const operationPairs = resources.flatMap(({ value, operations }) =>
	Object.keys(operations).map((operation): [resource: string, operation: string] => [
		value,
		operation,
	]),
);

export function operationOf(resource: string, operation: string): Operation {
	return resources.find(({ value }) => value === resource)!.operations[operation];
}
