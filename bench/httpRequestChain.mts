import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Emulator } from '../emulator/emulator.mts';
import { workFolder } from '../playground/folders.mts';
import type { Workbench } from '../playground/n8n/workbench.mts';
import { startPlayground } from '../playground/playground.mts';
import { spreadLine, spreadOf, type Bench, type BenchResult } from './bench.mts';
import { bearerCredential, httpRequestWorkflow, nodeWorkflow } from './workflows.mts';

const results = 200;
const rounds = 9;

/**
 * The same job built from n8n's own nodes: a request for the link, a request for the file, a Code
 * node that parses it. The chain gets a ready-made token, so it never signs in.
 */
export const httpRequestChain: Bench = {
	name: 'http-request-chain',
	title: `${results} results in one n8n workflow: this node, and the same job in HTTP Request nodes`,
	run: async () => {
		const userFolder = join(workFolder, 'bench');
		rmSync(userFolder, { recursive: true, force: true });
		const playground = await startPlayground({
			userFolder,
			emulator: { limits: { callsPerMinute: Infinity, callsPerHour: Infinity } },
		});
		try {
			return await compare(playground.emulator, playground.n8n.workbench);
		} finally {
			await playground.stop();
		}
	},
};

async function compare(emulator: Emulator, workbench: Workbench): Promise<BenchResult> {
	const ids = Array.from({ length: results }, (_, index) =>
		emulator.tenant.actions.add({
			commands: [
				{
					type: 'RunScript',
					scriptName: 'triage.ps1',
					transcript: { output: `Result ${index}\n${'x'.repeat(2000)}\n` },
				},
			],
		}),
	);
	await emulator.settled();
	await workbench.saveCredential('httpHeaderAuth', bearerCredential, {
		name: 'Authorization',
		value: `Bearer ${emulator.accessToken()}`,
	});
	const node = await workbench.saveWorkflow(nodeWorkflow(ids));
	const chain = await workbench.saveWorkflow(httpRequestWorkflow(ids, emulator.apiUrl));

	const times = { node: [] as number[], chain: [] as number[] };
	for (let round = -1; round < rounds; round += 1) {
		const ofNode = await timed(workbench, node);
		const ofChain = await timed(workbench, chain);
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
		ratio: ofNode.median / ofChain.median,
		goal: 1,
	};
}

async function timed(workbench: Workbench, workflowId: string): Promise<number> {
	const execution = await workbench.run(workflowId);
	const items = execution.json('Results');
	const right = items.filter((item, index) =>
		String(item.output ?? item.script_output).includes(`Result ${index}\n`),
	);
	if (right.length === results) return execution.milliseconds;
	throw new Error(
		`${right.length} of ${results} results are right: ${execution.errorMessage ?? 'no error'}`,
	);
}
