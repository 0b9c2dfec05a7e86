/** Settings of the node, and what older workflows have. */
import { randomUUID } from 'node:crypto';

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
			const id = randomUUID();
			const second = 'Run script again';
			const row = inARow('One id', [...byHand(asks), runScript(credential, { id })]);
			const before = row.nodes.at(-2)!.name;
			const execution = await runByHand(world, {
				...row,
				nodes: [...row.nodes, placed(runScript(credential, { id, name: second }), [720, 200])],
				connections: {
					...row.connections,
					[before]: { main: [[...to(nodeName), ...to(second)]] },
				},
			});
			return {
				asks: [...asks, ...asks],
				answers: [...outputs(execution), ...outputs(execution, second)],
			};
		},
	},
];

/** With a device between them that takes no live response. */
function withRejected({ cloud: { tenants } }: World, [first, ...more]: Ask[]): Ask[] {
	const [{ tenant, credential }] = tenants;
	const device = tenant.machines.add({ platformSupported: false });
	return [first, { device, tenant: credential.tenantId }, ...more];
}
