import { randomUUID } from 'node:crypto';
import type { IDataObject, INode, IWorkflowBase, NodeConnectionType } from 'n8n-workflow';

/** A workflow as the editor exports it. */
export type WorkflowFile = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections'> &
	Partial<Pick<IWorkflowBase, 'settings' | 'pinData'>>;

/** A node of a workflow; what it does not say of its id and place is made up. */
export type Step = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> & Partial<INode>;

/** The name n8n gives a Manual Trigger node. */
export const manualTriggerName = 'When clicking ‘Execute workflow’';

export const manualTrigger: Step = {
	name: manualTriggerName,
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/** Starts the workflow again and again. */
export const everySeconds = (secondsInterval: number): Step => ({
	name: 'Schedule',
	type: 'n8n-nodes-base.scheduleTrigger',
	typeVersion: 1.2,
	parameters: { rule: { interval: [{ field: 'seconds', secondsInterval }] } },
});

export const splitInto = (field: string, fieldToSplitOut: string): Step => ({
	name: 'Split Out',
	type: 'n8n-nodes-base.splitOut',
	typeVersion: 1,
	parameters: { fieldToSplitOut, options: { destinationFieldName: field } },
});

/** Makes the items: one for each entry of a JSON list, or of an expression that gives one. */
export const listOf = (name: string, list: string): Step => ({
	name,
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: { mode: 'raw', jsonOutput: `={{ { list: ${list} } }}`, options: {} },
});

/** Does nothing; a place for what would follow. */
export const noOperation = (name: string): Step => ({
	name,
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
});

/** One connection of a node's output, as `connections` holds it. */
export const to = (node: string, type: NodeConnectionType = 'main') => [{ node, type, index: 0 }];

/** A trigger, and one node after the other. */
export function inARow(name: string, steps: readonly Step[]): WorkflowFile {
	return {
		name,
		nodes: steps.map((step, index) => placed(step, [index * 240, 0])),
		connections: Object.fromEntries(
			steps.slice(1).map((step, index) => [steps[index].name, { main: [to(step.name)] }]),
		),
	};
}

/** Run by hand on these items. */
export function onItems(
	name: string,
	items: readonly IDataObject[],
	steps: readonly Step[],
): WorkflowFile {
	return {
		...inARow(name, [manualTrigger, ...steps]),
		pinData: { [manualTriggerName]: items.map((json) => ({ json })) },
	};
}

/** The step as a node, at this place of the canvas. */
export const placed = (step: Step, position: INode['position']): INode => ({
	id: randomUUID(),
	position,
	...step,
});
