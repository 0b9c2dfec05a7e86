import { machineReference, type MachineReference } from '../liveResponse/machine';
import { isRecord } from '../transport/apiCall';
import type { ItemContext } from './operation';

/** What the device locator refers to; without a mode when an expression gave the whole field. */
export function machineParameter(context: ItemContext, name = 'machineId'): MachineReference {
	const given: unknown = context.functions.getNodeParameter(name, context.itemIndex, '');
	const { value, mode } = isRecord(given) ? given : { value: given, mode: undefined };
	return machineReference(String(value ?? ''), typeof mode === 'string' ? mode : undefined);
}
