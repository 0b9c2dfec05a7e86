import type { IExecuteFunctions, WorkflowExecuteMode } from 'n8n-workflow';

import { lineageOf } from '../../../nodes/DefenderLiveResponse/runs/nodeCall';

interface Execution {
	id: string;
	mode?: WorkflowExecuteMode;
	/** What n8n keeps with the node over retries. */
	context?: object;
	/** Its parents, from the nearest up, and when each first began. */
	parents?: Array<{ id: string; began?: number }>;
}

const functionsOf = ({ id, mode = 'trigger', context = {}, parents = [] }: Execution) =>
	({
		getMode: () => mode,
		getExecutionId: () => id,
		getContext: () => context,
		getExecutionDataById: async (execution: string) => {
			const at = [id, ...parents.map((parent) => parent.id)].indexOf(execution);
			const parent = parents[at];
			if (!parent) return {};
			const executionContext = { establishedAt: parent.began };
			return { parentExecution: { executionId: parent.id, executionContext } };
		},
	}) as unknown as IExecuteFunctions;

const lineage = async (execution: Execution) => await lineageOf(functionsOf(execution));
const nameOf = async (execution: Execution) => (await lineage(execution)).name;

describe('an execution and its retries', () => {
	it('share the id of the first one, which n8n keeps with the node', async () => {
		const context = {};
		const first = { name: '7', isKnown: true };
		expect(await lineage({ id: '7', context })).toMatchObject(first);
		expect(await lineage({ id: '8', context, mode: 'retry' })).toMatchObject(first);
	});

	it('are known to be lost where n8n kept nothing', async () => {
		expect(await lineage({ id: '8', mode: 'retry' })).toMatchObject({ name: '8', isKnown: false });
	});

	it('are lost in every round of a loop, and to a retry of the retry', async () => {
		const context = {};
		const lost = { name: '8', isKnown: false };
		expect(await lineage({ id: '8', context, mode: 'retry' })).toMatchObject(lost);
		expect(await lineage({ id: '8', context, mode: 'retry' })).toMatchObject(lost);
		expect(await lineage({ id: '9', context, mode: 'retry' })).toMatchObject(lost);
	});
});

describe('a sub-workflow', () => {
	it('that runs again with its retried root is told by when the root first began', async () => {
		const first = { id: '8', mode: 'integrated', parents: [{ id: '7', began: 1000 }] } as const;
		const again = { id: '10', mode: 'integrated', parents: [{ id: '9', began: 1000 }] } as const;
		const other = { id: '12', mode: 'integrated', parents: [{ id: '11', began: 2000 }] } as const;
		expect(await nameOf({ ...again, parents: [...again.parents] })).toEqual(
			await nameOf({ ...first, parents: [...first.parents] }),
		);
		expect(await nameOf({ ...other, parents: [...other.parents] })).not.toEqual(
			await nameOf({ ...first, parents: [...first.parents] }),
		);
	});

	it('of a sub-workflow goes by the root above both', async () => {
		const parents = [
			{ id: '8', began: 5000 },
			{ id: '7', began: 1000 },
		];
		const child = { id: '9', mode: 'integrated', parents: [{ id: '7', began: 1000 }] } as const;
		expect(await nameOf({ id: '9', mode: 'integrated', parents })).toEqual(
			await nameOf({ ...child, parents: [...child.parents] }),
		);
	});

	it('whose parent n8n does not tell goes by its own execution', async () => {
		expect(await lineage({ id: '9', mode: 'integrated' })).toMatchObject({
			name: '9',
			isKnown: true,
		});
	});
});
