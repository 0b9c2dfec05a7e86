/** The node as the tool of an agent: $fromAI names the device, the agent's item the tenant. */
import { inARow } from '../../../playground/n8n/workflowFile.mts';
import {
	agentName,
	agentStep,
	scriptTool,
	toolAnswers,
	withTool,
	type AgentKind,
} from '../agents.mts';
import { byHand } from './steps.mts';
import { runByHand, type Way } from './way.mts';
import { script, type Ask } from './world.mts';

/** As the tenants take turns, each has two. */
const agentWay = (kind: AgentKind, does: string, itemsOf: (asks: Ask[]) => Ask[][]): Way => ({
	title: kind,
	does,
	run: async (world, credential) => {
		const items = itemsOf(world.asks(4));
		const tasks = items.map((asks) => ({
			tenant: asks[0].tenant,
			devices: asks.map(({ device }) => device),
			atOnce: false,
		}));
		const agent = agentStep(kind, '={{ JSON.stringify($json.ask) }}');
		const row = inARow(`Way ${kind}`, [...byHand(tasks), agent]);
		const tool = scriptTool(script, credential);
		const execution = await runByHand(world, withTool(row, kind, tool));
		const said = execution.json(agentName).map(({ output }) => toolAnswers(output));
		return { asks: items.flat(), answers: said.flat() };
	},
});

export const agentWays: Way[] = [
	agentWay('agent 2.2', 'an AI Agent of version 2.2, one item, two tool calls', (asks) => [
		[asks[1], asks[3]],
	]),
	agentWay('agent 3', 'an AI Agent of version 3, two items, two tool calls each', (asks) => [
		[asks[1], asks[3]],
		[asks[0], asks[2]],
	]),
	agentWay('sub-agent', 'an AI Agent Tool of an AI Agent, one item, two tool calls', (asks) => [
		[asks[1], asks[3]],
	]),
];
