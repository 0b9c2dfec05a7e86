/** What one call of a node is: its tries by Retry On Fail belong to it, and nothing else does. */
import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { executionsAbove } from '../transport/executionsAbove';
import type { StartedRun } from './runRegistry';

export interface NodeCall {
	/** Of this call alone in this process, and of the same call when n8n runs its execution again. */
	name: string;
	/** The id of its execution; one of its own where n8n calls a tool outside of any, as its MCP trigger does. */
	execution: string;
	/** Of a loop, from 0; the same for all tries. */
	round: number;
	lineage(): Promise<Lineage>;
	/** Tells it from the same call of a retry; calls that cannot be told apart share it. */
	attempt(): Promise<string>;
	/** The runs of its items, for its further tries. */
	readonly started: Map<string, StartedRun>;
}

/** What the executions share in which n8n tries the same thing again. */
export interface Lineage {
	/** Text without a fixed form. */
	name: string;
	/** False when n8n lost which execution it retries: the name is that of the retry then. */
	isKnown: boolean;
	/** The execution that called this sub-workflow first of all, or this one. */
	root: string;
}

const calls = new WeakMap<object, NodeCall>();
let numberOfCalls = 0;

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
	const ofN8n: string | undefined = functions.getExecutionId();
	const execution = ofN8n || randomUUID();
	const round = roundOf(functions);
	const own = String(++numberOfCalls);
	// Tools have no round of their own: each try counts as one, and calls side by side share one.
	const isNamed = !isAgentsCall(functions);
	const isAlone = isNamed && functions.getMode() !== 'integrated';
	let known: Promise<Lineage> | undefined;
	const lineage = async () =>
		ofN8n
			? await (known ??= lineageOf(functions))
			: { name: execution, isKnown: true, root: execution };
	return {
		name: JSON.stringify(isNamed ? [execution, id, name, round] : [own]),
		execution,
		round,
		lineage,
		attempt: async () => (isAlone ? own : `of ${(await lineage()).root}`),
		started: new Map(),
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

/**
 * The id of the first execution, which n8n keeps with the node over retries. A sub-workflow runs anew
 * with its parent: there it is the time at which the first execution of its root began.
 */
export async function lineageOf(functions: IExecuteFunctions): Promise<Lineage> {
	const root = await rootOf(functions);
	if (root.began !== null)
		return { name: `root ${root.began}`, isKnown: true, root: root.execution };
	const execution = functions.getExecutionId();
	const context = nodeContextOf(functions);
	const isRetry = functions.getMode() === 'retry';
	const name = String((context.firstExecution ??= execution));
	// For the rounds of a loop, and further retries, that find this one in its place.
	if (isRetry && name === execution) context.isFirstLost = true;
	return { name, isKnown: context.isFirstLost !== true, root: root.execution };
}

function nodeContextOf(functions: IExecuteFunctions): Record<string, unknown> {
	try {
		return functions.getContext('node');
	} catch {
		return {};
	}
}

/** `began` is in milliseconds since 1970; null for what is no sub-workflow, and where n8n does not tell. */
async function rootOf(functions: IExecuteFunctions) {
	let execution = functions.getExecutionId();
	let began: number | null = null;
	const above = await executionsAbove(functions, async (id) => await parentOf(functions, id));
	for (const parent of above) {
		began = parent.executionContext?.establishedAt ?? began;
		execution = parent.executionId;
	}
	return { execution, began };
}

/** Where n8n cannot tell, the levels below tell enough. */
async function parentOf(functions: IExecuteFunctions, execution: string) {
	try {
		return (await functions.getExecutionDataById(execution))?.parentExecution;
	} catch {
		return undefined;
	}
}
