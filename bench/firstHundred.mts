import { setTimeout as passed } from 'node:timers/promises';

import type { Emulator } from '../emulator/emulator.mts';
import type { N8nClient } from '../playground/n8n/n8nClient.mts';
import { documentedLimits } from '../test/support/playedLimits.mts';
import { spreadLine, spreadOf, type Bench, type BenchResult } from './bench.mts';
import { addResults, rightResults, withPlayground } from './lab.mts';
import { startAfresh } from './minuteLimit.mts';
import { httpRequestWorkflow, nodeWorkflow } from './workflows.mts';

/** They fit into the limit of a minute. */
const results = 90;
/** After one that signs in and warms both up. */
const rounds = 3;
/** Until n8n's own count of the minute is empty again. */
const minuteMs = 61_000;
const slowMs = 150;
const mostSlowSeconds = 2;

/** What fits the limits is to wait for nothing. */
export const firstHundred: Bench = {
	name: 'first-hundred',
	title: `${results} results under ${documentedLimits.callsPerMinute} calls a minute, from the first call to the last: this node, and HTTP Request nodes at full speed`,
	run: async () =>
		await withPlayground(
			{ limits: documentedLimits, tokenLifetimeSeconds: 24 * 3600 },
			async ({ emulator, n8n: { client } }) => {
				const ids = await addResults(emulator, results);
				const node = await client.saveWorkflow(nodeWorkflow(ids));
				const chain = await client.saveWorkflow(httpRequestWorkflow(ids, emulator.apiUrl));
				const times = { node: [] as number[], chain: [] as number[] };
				for (let round = 0; round <= rounds; round += 1) {
					// After a minute n8n's caches are cold for whoever comes first.
					await client.run(chain);
					times.node.push(await timed(client, node, emulator));
					times.chain.push(await timed(client, chain, emulator));
					await passed(minuteMs);
				}
				const slow = {
					kind: 'slow',
					seconds: slowMs / 1000,
					path: /^\/api\//,
					count: Infinity,
				} as const;
				emulator.faults.order(slow);
				return resultOf(times, await timed(client, node, emulator));
			},
		),
};

/** @returns the milliseconds from the first call of the API to the last of the API or of the result store */
async function timed(client: N8nClient, workflowId: string, emulator: Emulator): Promise<number> {
	startAfresh(emulator);
	const execution = await client.run(workflowId);
	const right = rightResults(execution);
	if (right !== results) {
		throw new Error(`${right} of ${results} results: ${execution.errorMessage ?? 'no error'}`);
	}
	const calls = (['api', 'download'] as const).flatMap((to) => emulator.requests.matching(/./, to));
	const at = calls.map(({ time }) => time);
	return Math.max(...at) - Math.min(...at);
}

function resultOf(times: { node: number[]; chain: number[] }, slow: number): BenchResult {
	const [node, chain] = [times.node, times.chain].map((all) => spreadOf(all.slice(1)));
	return {
		lines: [
			spreadLine('Defender Live Response node', node, 'ms'),
			spreadLine('HTTP Request nodes', chain, 'ms'),
			`Defender Live Response node, where a call of the API takes ${slowMs} ms: ${slow.toFixed(0)} ms`,
		],
		goals: [
			{
				what: 'time of this node to that of the HTTP Request nodes',
				value: node.median / chain.median,
				atMost: 1.1,
			},
			{
				what: `time to ${mostSlowSeconds} s where a call takes ${slowMs} ms`,
				value: slow / 1000 / mostSlowSeconds,
				atMost: 1,
			},
		],
	};
}
