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
const agentWay = (
	{ title, does, kind }: Pick<Way, 'title' | 'does'> & { kind: AgentKind },
	itemsOf: (asks: Ask[]) => Ask[][],
	atOnce = false,
): Way => ({
	title,
	does,
	run: async (world, credential) => {
		const items = itemsOf(world.asks(4));
		const tasks = items.map((asks) => ({
			tenant: asks[0].tenant,
			devices: asks.map(({ device }) => device),
			atOnce,
		}));
		const agent = agentStep(kind, '={{ JSON.stringify($json.ask) }}');
		const row = inARow(`Way ${kind}`, [...byHand(tasks), agent]);
		const tool = scriptTool(script, credential);
		const execution = await runByHand(world, withTool(row, kind, tool));
		const said = execution.json(agentName).map(({ output }) => toolAnswers(output));
		return { asks: items.flat(), answers: said.flat() };
	},
});

const oneItem = (asks: Ask[]) => [[asks[1], asks[3]]];
const twoItems = (asks: Ask[]) => [...oneItem(asks), [asks[0], asks[2]]];

export const agentWays: Way[] = [
	agentWay(
		{
			title: 'agent 2.2',
			kind: 'agent 2.2',
			does: 'an AI Agent of version 2.2, one item, two tool calls',
		},
		oneItem,
	),
	agentWay(
		{
			title: 'agent 3',
			kind: 'agent 3',
			does: 'an AI Agent of version 3, two items, two tool calls at once for each',
		},
		twoItems,
		true,
	),
	agentWay(
		{
			title: 'sub-agent',
			kind: 'sub-agent 2.2',
			does: 'an AI Agent Tool of an AI Agent, both of version 2.2, one item, two tool calls',
		},
		oneItem,
	),
];
