import { machineReference, type MachineReference } from '../domain/machine';
import { isRecord } from '../domain/record';
import type { NodeContext } from '../inputs/nodeContext';

/** What the device locator refers to; without a mode when an expression gave the whole field. */
export function machineParameter(context: NodeContext, name = 'machineId'): MachineReference {
	const given = context.parameter(name, '');
	const { value, mode } = isRecord(given) ? given : { value: given, mode: undefined };
	return machineReference(String(value ?? ''), typeof mode === 'string' ? mode : undefined);
}
