import type { IExecuteFunctions, RelatedExecution } from 'n8n-workflow';

/** Workflows that call each other are rarely as deep as that; each level is a read of n8n's database. */
const MOST_LEVELS = 10;

/** The executions that called this sub-workflow, the nearest first; none for what is no sub-workflow. */
export async function executionsAbove(
	functions: IExecuteFunctions,
	parentOf: (execution: string) => Promise<RelatedExecution | undefined>,
): Promise<RelatedExecution[]> {
	const above: RelatedExecution[] = [];
	if (functions.getMode() !== 'integrated') return above;
	let parent = await parentOf(functions.getExecutionId());
	while (parent !== undefined && above.length < MOST_LEVELS) {
		above.push(parent);
		parent = await parentOf(parent.executionId);
	}
	return above;
}
