/** Settings of the node, and what older workflows have. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { inARow, noOperation, placed, to } from '../../../playground/n8n/workflowFile.mts';
import { byHand, nodeName, runScript } from './steps.mts';
import { outputs, runByHand, type Way } from './way.mts';
import type { Ask, World } from './world.mts';

export const settingWays: Way[] = [
	{
		title: 'error output',
		does: 'two devices, and between them one that live response rejects: its item leaves by the error output',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const node = runScript(credential, { onError: 'continueErrorOutput' });
			const steps = [...byHand(withRejected(world, asks)), node, noOperation('After')];
			return { asks, answers: outputs(await runByHand(world, inARow('Error output', steps))) };
		},
	},
	{
		title: 'Continue On Fail',
		does: 'the same three items, with On Error set to Continue',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const node = runScript(credential, { onError: 'continueRegularOutput' });
			const steps = [...byHand(withRejected(world, asks)), node];
			const execution = await runByHand(world, inARow('Continue', steps));
			const [first, rejected, last, ...more] = execution.json(nodeName);
			if (rejected.error === undefined) throw new Error('Nothing was rejected');
			return { asks, answers: [first, last, ...more].map(({ output }) => String(output)) };
		},
	},
	{
		title: 'two nodes of one id',
		does: 'two nodes that share an id run the script on the same two devices, one after the other',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const second = 'Run script again';
			const row = inARow('One id', [...byHand(asks), runScript(credential)]);
			const [before, first] = row.nodes.slice(-2);
			const again = placed(runScript(credential, { name: second }), [720, 200]);
			const id = await world.n8n.client.saveWorkflow({
				...row,
				nodes: [...row.nodes, again],
				connections: {
					...row.connections,
					[before.name]: { main: [[...to(nodeName), ...to(second)]] },
				},
			});
			renameIn(world, id, again.id, first.id);
			const execution = await world.n8n.client.run(id, { timeoutSeconds: 120 });
			return {
				asks: [...asks, ...asks],
				answers: [...outputs(execution), ...outputs(execution, second)],
			};
		},
	},
];

/** With a device between them that takes no live response. */
function withRejected({ tenants }: World, [first, ...more]: Ask[]): Ask[] {
	const [{ tenant, credential }] = tenants;
	const device = tenant.machines.add({ platformSupported: false });
	return [first, { device, tenant: credential.tenantId }, ...more];
}

/** In n8n's database: an n8n of today no longer saves such a workflow, but has those of older versions. */
function renameIn({ n8n }: World, workflowId: string, nodeId: string, newNodeId: string): void {
	const database = new DatabaseSync(join(n8n.userFolder, '.n8n/database.sqlite'), {
		timeout: 10_000,
	});
	const { changes } = database
		.prepare('UPDATE workflow_entity SET nodes = replace(nodes, ?, ?) WHERE id = ?')
		.run(nodeId, newNodeId, workflowId);
	database.close();
	if (changes !== 1) throw new Error(`Workflow ${workflowId} is not in the database`);
}
