/** The same workflow again, or a part of it. */
import { inARow, noOperation, type WorkflowFile } from '../../../playground/n8n/workflowFile.mts';
import { refuseResultOn, startOn } from '../../support/startedActions.mts';
import { byAlert, byHand, nodeName, runScript } from './steps.mts';
import { outputs, publish, runByHand, type Way } from './way.mts';

const longestWaitSeconds = 60;

export const repeatingWays: Way[] = [
	{
		title: 'retry',
		does: 'Retry On Fail, where a result is rejected in both tries; then the failed execution is retried',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const node = runScript(credential, { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 });
			const id = await publish(world, inARow('Retry', [...byAlert('retry'), node]));
			const executionId = await world.n8n.client.deliver(id, 'retry', { asks });
			await refuseResultOn(world.tenantOf(asks[0]), asks[0].device, 2);
			const failed = await world.n8n.client.finished(executionId, longestWaitSeconds);
			if (failed.status !== 'error') throw new Error(`The execution is ${failed.status}`);
			return { asks, answers: outputs(await world.n8n.client.retry(executionId)) };
		},
	},
	{
		title: 'pinned data',
		does: "Execute Workflow, the node's output is pinned, Execute Workflow again",
		run: async (world, credential) => {
			const asks = world.asks(2);
			const workflow = inARow('Pinned data', [...byHand(asks), runScript(credential)]);
			const first = await runByHand(world, workflow);
			const pinned: WorkflowFile = {
				...workflow,
				pinData: { [nodeName]: first.json(nodeName).map((json) => ({ json })) },
			};
			return { asks, answers: outputs(await runByHand(world, pinned)) };
		},
	},
	{
		title: 'partial execution',
		does: 'Execute Step on the node, then on the node after it',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const after = noOperation('After');
			const workflow = inARow('Partial execution', [...byHand(asks), runScript(credential), after]);
			const id = await world.n8n.client.saveWorkflow({ ...workflow, pinData: {} });
			const since = await world.n8n.client.runTo(id, nodeName);
			const execution = await world.n8n.client.runTo(id, after.name, { since });
			return { asks, answers: outputs(execution, after.name) };
		},
	},
];

/** Fresh actions stay out of the lists until n8n is back. */
const hiddenSeconds = 25;

/** Ends n8n: no other way may be under way. */
export const recoveredWay: Way = {
	title: 'recovered after a crash',
	does: 'n8n is killed, for one device before the start was answered; it starts again, and the crashed execution is retried while lists do not show the runs yet',
	run: async (world, credential) => {
		const { n8n, tenants } = world;
		const asks = world.asks(2);
		const id = await publish(
			world,
			inARow('Recovered', [...byAlert('recovered'), runScript(credential)]),
		);
		for (const { configure, clock } of tenants) {
			const seconds = hiddenSeconds * clock.timeScale;
			configure({ lag: { action: seconds, list: seconds } });
		}
		const start = new RegExp(`/machines/${asks[1].device}/runliveresponse`);
		world
			.tenantOf(asks[1])
			.faults.order({ kind: 'lateAnswer', seconds: hiddenSeconds, path: start });
		const executionId = await n8n.client.deliver(id, 'recovered', { asks });
		for (const ask of asks) await startOn(world.tenantOf(ask), ask.device);
		await n8n.kill();
		await n8n.start();
		return { asks, answers: outputs(await n8n.client.retry(executionId, 2 * longestWaitSeconds)) };
	},
};
