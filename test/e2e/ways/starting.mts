/** What may start a workflow, and how its items may reach the node. */
import { inARow, to, type WorkflowFile } from '../../../playground/n8n/workflowFile.mts';
import { until } from '../../support/until.mts';
import {
	byAlert,
	byHand,
	calledByParent,
	callEach,
	eachOf,
	errorTrigger,
	failWith,
	loop,
	nodeName,
	runScript,
	schedule,
	webhook,
} from './steps.mts';
import { outputs, publish, runByHand, type Way } from './way.mts';
import type { World } from './world.mts';

const longestWaitSeconds = 120;

export const startingWays: Way[] = [
	{
		title: 'manual',
		does: 'Execute Workflow in the editor, with two items',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const execution = await runByHand(
				world,
				inARow('Manual', [...byHand(asks), runScript(credential)]),
			);
			return { asks, answers: outputs(execution) };
		},
	},
	{
		title: 'webhook',
		does: 'an alert with two devices',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const id = await publish(
				world,
				inARow('Webhook', [...byAlert('ways'), runScript(credential)]),
			);
			const executionId = await world.n8n.client.deliver(id, 'ways', { asks });
			return { asks, answers: outputs(await finished(world, executionId)) };
		},
	},
	{
		title: 'schedule',
		does: 'a Schedule Trigger, two items',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const steps = [schedule, ...eachOf(asks), runScript(credential)];
			const id = await publish(world, inARow('Schedule', steps));
			const executionId = await startedBy(world, id);
			await world.n8n.client.deactivate(id);
			return { asks, answers: outputs(await finished(world, executionId)) };
		},
	},
	{
		title: 'sub-workflow',
		does: 'two items, each in a sub-workflow of its own',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const child = await publish(world, inARow('Child', [calledByParent, runScript(credential)]));
			const call = callEach(child);
			const execution = await runByHand(world, inARow('Parent', [...byHand(asks), call]));
			return { asks, answers: outputs(execution, call.name) };
		},
	},
	{
		title: 'loop',
		does: 'Loop Over Items, three rounds of one item',
		run: async (world, credential) => {
			const asks = world.asks(3);
			const row = inARow('Loop', [...byHand(asks), loop, runScript(credential)]);
			const execution = await runByHand(world, inALoop(row));
			return { asks, answers: outputs(execution, loop.name) };
		},
	},
	{
		title: 'error workflow',
		does: 'an Error Trigger: the failed workflow names two devices in its error',
		run: async (world, credential) => {
			const asks = world.asks(2);
			const steps = [
				errorTrigger,
				...eachOf('JSON.parse($json.execution.error.message)'),
				runScript(credential),
			];
			const errorWorkflow = await publish(world, inARow('Error workflow', steps));
			const failing = await publish(world, {
				...inARow('Failing', [
					webhook('fails'),
					failWith('={{ JSON.stringify($json.body.asks) }}'),
				]),
				settings: { errorWorkflow },
			});
			await world.n8n.client.deliver(failing, 'fails', { asks });
			const executionId = await startedBy(world, errorWorkflow);
			return { asks, answers: outputs(await finished(world, executionId)) };
		},
	},
];

/** The last node goes back to the loop before it. */
const inALoop = (row: WorkflowFile): WorkflowFile => ({
	...row,
	connections: {
		...row.connections,
		[loop.name]: { main: [[], to(nodeName)] },
		[nodeName]: { main: [to(loop.name)] },
	},
});

const finished = async ({ n8n: { client } }: World, executionId: string) =>
	await client.finished(executionId, longestWaitSeconds);

const startedBy = async ({ n8n: { client } }: World, workflowId: string): Promise<string> =>
	await until(
		async () => (await client.executionIds(workflowId)).at(0),
		'an execution',
		longestWaitSeconds,
	);
