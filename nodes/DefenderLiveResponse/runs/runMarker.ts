import { createHash } from 'node:crypto';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Marker } from '../domain/marker';
import type { ItemInputs } from '../inputs/nodeContext';

const DIGEST_LENGTH = 16;

const digest = (value: string) =>
	createHash('sha256').update(value).digest('hex').slice(0, DIGEST_LENGTH);

/** The marker of the run that this item asks for. */
export function markerFor(
	context: ItemInputs,
	run: { machineId: string; request: unknown; idempotencyKey: string },
): Marker {
	const { functions, itemIndex } = context;
	return {
		workflow: functions.getWorkflow().id ?? '',
		execution: functions.getExecutionId(),
		node: functions.getNode().id,
		run: roundOf(functions, itemIndex),
		item: itemIndex,
		fingerprint: digest(JSON.stringify([run.machineId, run.request])),
		key: run.idempotencyKey === '' ? '' : digest(run.idempotencyKey),
	};
}

/**
 * Round of a loop, from 0. After a crash n8n notes every node that had begun as if it had run once,
 * and a retry counts on from there: this one entry is no round.
 */
function roundOf(functions: IExecuteFunctions, itemIndex: number): number {
	const proxy = functions.getWorkflowDataProxy(itemIndex);
	const runs = Number(proxy.$runIndex ?? 0);
	if (runs === 0 || functions.getMode() !== 'retry') return runs;
	const firstRun = () => proxy.$items(functions.getNode().name, 0, 0);
	return isLeftByCrash(firstRun) ? runs - 1 : runs;
}

/** n8n's crash recovery leaves an item that says so, or nothing where the node was interrupted. */
function isLeftByCrash(items: () => INodeExecutionData[]): boolean {
	try {
		return items()[0]?.json.isArtificialRecoveredEventItem === true;
	} catch {
		return true;
	}
}
