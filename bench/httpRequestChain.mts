/**
 * The same job built from n8n's own nodes: a request for the link, a request for the file, a Code
 * node that parses it. The chain gets a ready-made token, so it never signs in.
 */
import type { N8nClient } from '../playground/n8n/n8nClient.mts';
import { spreadLine, spreadOf, type BenchResult } from './bench.mts';
import { addResults, rightResults, withPlayground } from './lab.mts';
import { httpRequestWorkflow, nodeWorkflow } from './workflows.mts';

/** The times of the node and of the chain, round by round in turns. */
export async function compareWithChain(size: {
	results: number;
	rounds: number;
}): Promise<BenchResult> {
	return await withPlayground(
		{ limits: { callsPerMinute: Infinity, callsPerHour: Infinity } },
		async ({ emulator, n8n: { client } }) => {
			const ids = await addResults(emulator, size.results);
			const node = await client.saveWorkflow(nodeWorkflow(ids));
			const chain = await client.saveWorkflow(httpRequestWorkflow(ids, emulator.apiUrl));

			const times = { node: [] as number[], chain: [] as number[] };
			for (let round = -1; round < size.rounds; round += 1) {
				const ofNode = await timed(client, node, size.results);
				const ofChain = await timed(client, chain, size.results);
				if (round < 0) continue; // The first round signs in and warms both up.
				times.node.push(ofNode);
				times.chain.push(ofChain);
			}
			const [ofNode, ofChain] = [spreadOf(times.node), spreadOf(times.chain)];
			return {
				lines: [
					spreadLine('Defender Live Response node', ofNode, 'ms'),
					spreadLine('HTTP Request nodes', ofChain, 'ms'),
				],
				goals: [
					{
						what: 'time of this node to that of the HTTP Request nodes',
						value: ofNode.median / ofChain.median,
						atMost: 1,
					},
				],
			};
		},
	);
}

async function timed(client: N8nClient, workflowId: string, results: number): Promise<number> {
	const execution = await client.run(workflowId);
	const right = rightResults(execution);
	if (right === results) return execution.milliseconds;
	throw new Error(
		`${right} of ${results} results are right: ${execution.errorMessage ?? 'no error'}`,
	);
}
