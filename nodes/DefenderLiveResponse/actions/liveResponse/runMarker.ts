import { createHash } from 'node:crypto';

import type { Command } from '../../liveResponse/commands';
import type { Marker } from '../../liveResponse/marker';
import type { ItemContext } from '../operation';

const DIGEST_LENGTH = 16;

const digest = (value: string) =>
	createHash('sha256').update(value).digest('hex').slice(0, DIGEST_LENGTH);

/** The marker of the run that this item asks for. */
export function markerFor(
	context: ItemContext,
	run: { machineId: string; commands: Command[]; idempotencyKey: string },
): Marker {
	const { functions, itemIndex } = context;
	return {
		workflow: functions.getWorkflow().id ?? '',
		execution: functions.getExecutionId(),
		node: functions.getNode().id,
		run: Number(functions.getWorkflowDataProxy(itemIndex).$runIndex ?? 0),
		item: itemIndex,
		fingerprint: digest(JSON.stringify([run.machineId, run.commands])),
		key: run.idempotencyKey === '' ? '' : digest(run.idempotencyKey),
	};
}
