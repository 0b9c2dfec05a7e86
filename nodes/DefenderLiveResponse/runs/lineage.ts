import type { IExecuteFunctions } from 'n8n-workflow';

/** What the executions share in which n8n tries the same thing again. */
export interface Lineage {
	/** Text without a fixed form. */
	name: string;
	/** False when n8n lost which execution it retries: the name is that of the retry then. */
	isKnown: boolean;
}

/** Workflows that call each other are rarely as deep as that; each level is a read of n8n's database. */
const MOST_LEVELS = 10;

/**
 * The id of the first execution, which n8n keeps with the node over retries. A sub-workflow runs anew
 * with its parent: there it is the time at which the first execution of its root began.
 */
export async function lineageOf(functions: IExecuteFunctions): Promise<Lineage> {
	const root = await rootOf(functions).catch(() => null);
	if (root !== null) return { name: `root ${root}`, isKnown: true };
	const execution = functions.getExecutionId();
	const context = nodeContextOf(functions);
	const first = context?.firstExecution;
	if (typeof first === 'string') return { name: first, isKnown: context?.isFirstLost !== true };
	const isKnown = functions.getMode() !== 'retry';
	if (context) {
		context.firstExecution = execution;
		// For the rounds of a loop, and further retries, that find this one in its place.
		if (!isKnown) context.isFirstLost = true;
	}
	return { name: execution, isKnown };
}

function nodeContextOf(functions: IExecuteFunctions) {
	try {
		return functions.getContext('node');
	} catch {
		return null;
	}
}

/** Milliseconds since 1970; null for what is no sub-workflow, and where n8n does not tell. */
async function rootOf(functions: IExecuteFunctions): Promise<number | null> {
	if (functions.getMode() !== 'integrated') return null;
	let execution = functions.getExecutionId();
	let began: number | null = null;
	for (let level = 0; level < MOST_LEVELS; level++) {
		const parent = (await functions.getExecutionDataById(execution))?.parentExecution;
		if (!parent) break;
		began = parent.executionContext?.establishedAt ?? began;
		execution = parent.executionId;
	}
	return began;
}
