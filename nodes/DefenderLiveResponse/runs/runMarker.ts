import type { Marker } from '../domain/marker';
import type { ItemInputs } from '../inputs/nodeContext';
import { digest } from './digest';
import { keyDigest } from './keyDigest';
import { nodeCallOf } from './nodeCall';
import { ownWorkflow, shortened } from './ownWorkflow';

/** The marker of the run that this item asks for. */
export async function markerFor(
	context: ItemInputs,
	run: { machineId: string; request: unknown; idempotencyKey: string },
): Promise<Marker> {
	const { functions, itemIndex } = context;
	const call = nodeCallOf(functions);
	const { id, name } = functions.getNode();
	return {
		...ownWorkflow(functions),
		execution: shortened(functions.getExecutionId()),
		lineage: shortened((await call.lineage()).name),
		node: digest([id, name], 12),
		round: call.round,
		item: itemIndex,
		fingerprint: digest([run.machineId.toLowerCase(), run.request]),
		key: keyDigest(run.idempotencyKey),
	};
}
