/** What the marker in a comment calls the run that an item asks for. */
import type { Marker, Workflow } from '../domain/marker';
import type { ItemInputs } from '../inputs/nodeContext';
import type { RequestFunctions } from '../transport/connection';
import { digest } from './digest';
import { nodeCallOf } from './nodeCall';

export async function markerFor(
	{ functions, itemIndex }: ItemInputs,
	run: { machineId: string; request: unknown; idempotencyKey: string; campaign?: string },
): Promise<Marker> {
	const call = nodeCallOf(functions);
	const { id, name } = functions.getNode();
	return {
		...ownWorkflow(functions),
		execution: shortened(call.execution),
		lineage: shortened((await call.lineage()).name),
		node: digest([id, name], 12),
		round: call.round,
		item: itemIndex,
		fingerprint: fingerprintOf(run.machineId, run.request),
		key: keyDigest(run.idempotencyKey),
		campaign: run.campaign ?? '',
	};
}

/** Device, and what is asked of it, as markers have them. */
export const fingerprintOf = (machineId: string, request: unknown): string =>
	digest([machineId.toLowerCase(), request]);

/** An idempotency key as markers have it: one for all devices, nodes and workflows. Empty without a key. */
export const keyDigest = (idempotencyKey: string): string =>
	idempotencyKey === '' ? '' : digest(idempotencyKey);

/** The workflow that a node belongs to, as the markers of the runs that it starts name it. */
export const ownWorkflow = (
	functions: Pick<RequestFunctions, 'getInstanceId' | 'getWorkflow'>,
): Workflow => ({
	workflow: shortened(functions.getWorkflow().id ?? ''),
	instance: digest(functions.getInstanceId(), 8),
});

const PLAIN_ID = /^[\w-]{1,24}$/;

/** Ids that are short enough to be read in the portal stay as they are, as does an empty one. */
const shortened = (id: string): string => (id === '' || PLAIN_ID.test(id) ? id : digest(id, 12));
