import { type INode, type INodeTypes, Workflow } from 'n8n-workflow';

/** A node whose kind does not matter. */
export const someNode: INode = {
	id: 'temp',
	name: 'Temp-Node',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const nodeTypes = {
	getByNameAndVersion: () => ({ description: { properties: [] } }),
} as unknown as INodeTypes;

/** n8n's own evaluation of expressions. */
export const { expression } = new Workflow({
	nodes: [someNode],
	connections: {},
	active: false,
	nodeTypes,
});
