/** What one call of a node is: its tries by Retry On Fail belong to it, and nothing else does. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { lineageOf, type Lineage } from './lineage';

export interface NodeCall {
	/** Of this call alone in this process, and of the same call when n8n runs its execution again. */
	name: string;
	/** Of a loop, from 0; the same for all tries. */
	round: number;
	lineage(): Promise<Lineage>;
}

const calls = new WeakMap<object, NodeCall>();
let unnamed = 0;

/** The call that is under way; the same one for each of its tries. */
export function nodeCallOf(functions: IExecuteFunctions): NodeCall {
	const identity = identityOf(functions);
	if (!identity) return newCall(functions);
	const call = calls.get(identity) ?? newCall(functions);
	calls.set(identity, call);
	return call;
}

/**
 * The object that n8n hands to every try of a call, and to no other call; null where there is none.
 * To a tool, many agents hand their own run, the same for all calls: there it is the arguments.
 */
export function identityOf(functions: IExecuteFunctions): object | null {
	return isAgentsCall(functions)
		? (functions.getInputData()[0]?.json ?? null)
		: functions.getExecuteData();
}

/** Whether an agent calls the node as its tool, in a run of its own. */
export function isAgentsCall(functions: IExecuteFunctions): boolean {
	const run = functions.getExecuteData() as { node?: { name: string } } | undefined;
	return run?.node?.name !== functions.getNode().name;
}

function newCall(functions: IExecuteFunctions): NodeCall {
	const { id, name } = functions.getNode();
	const execution = functions.getExecutionId();
	const round = roundOf(functions);
	// Tools have no round of their own: each try counts as one, and calls side by side share one.
	const isNamed = execution && !isAgentsCall(functions);
	let lineage: Promise<Lineage> | undefined;
	return {
		name: JSON.stringify(isNamed ? [execution, id, name, round] : [++unnamed]),
		round,
		lineage: async () => await (lineage ??= lineageOf(functions)),
	};
}

/**
 * Round of a loop, from 0. After a crash n8n notes every node that had begun as if it had run once,
 * and a retry counts on from there: this one entry is no round.
 */
function roundOf(functions: IExecuteFunctions): number {
	const proxy = functions.getWorkflowDataProxy(0);
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
