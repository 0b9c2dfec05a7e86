import { machineLocator } from '../descriptions/machine';
import { machineReference, type MachineReference } from '../domain/machine';
import type { Field } from './field';
import { locatedBy } from './locator';
import type { NodeContext } from './nodeContext';

/** What the device locator refers to; without a mode when an expression gave the whole field. */
export function machineParameter(
	context: NodeContext,
	field: Field = machineLocator,
): MachineReference {
	const { value, mode } = locatedBy(context, field);
	return machineReference(value, mode);
}
