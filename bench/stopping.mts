import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';

import type { Emulator } from '../emulator/emulator.mts';
import { workFolder } from '../playground/folders.mts';
import type { N8nClient } from '../playground/n8n/n8nClient.mts';
import { onItems, type WorkflowFile } from '../playground/n8n/workflowFile.mts';
import { documentedLimits } from '../test/support/playedLimits.mts';
import { until } from '../test/support/until.mts';
import { spreadLine, spreadOf, type Bench } from './bench.mts';
import { withPlayground } from './lab.mts';
import { runScriptWorkflow } from './workflows.mts';

const items = 10_000;
const rounds = 3;
const mostMs = 100;
const scriptName = 'triage.ps1';
const folder = join(workFolder, 'bench', 'stalls');

/** How long n8n does nothing else because of a Stop; n8n's own Wait node shows what n8n takes for itself. */
export const stopping: Bench = {
	name: 'stopping',
	title: `Stopping ${items.toLocaleString('en-US')} items that wait: the longest time that n8n's event loop stands still`,
	run: async () => {
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		const probe = new URL('stallProbe.mjs', import.meta.url);
		probe.search = new URLSearchParams({ folder }).toString();
		return await withPlayground(
			{ limits: documentedLimits, tokenLifetimeSeconds: 24 * 3600 },
			async ({ emulator, n8n: { client } }) => {
				emulator.tenant.library.add({ fileName: scriptName });
				const ids = Array.from({ length: items }, () => emulator.tenant.machines.add());
				const node = await client.saveWorkflow(runScriptWorkflow(ids, scriptName, 10));
				const wait = await client.saveWorkflow(waitNodeWorkflow(ids));
				const stood = { node: [] as number[], wait: [] as number[] };
				for (let round = 0; round < rounds; round += 1) {
					stood.node.push(await stopped(client, node, emulator));
					stood.wait.push(await stopped(client, wait));
				}
				const [own, n8n] = [spreadOf(stood.node), spreadOf(stood.wait)];
				return {
					lines: [
						spreadLine('Defender Live Response node', own, 'ms'),
						spreadLine("n8n's own Wait node", n8n, 'ms'),
					],
					goals: [{ what: `longest stop to ${mostMs} ms`, value: own.most / mostMs, atMost: 1 }],
				};
			},
			[probe.href],
		);
	},
};

/** @returns the longest time in milliseconds, 0 when there was none worth noting */
async function stopped(
	client: N8nClient,
	workflowId: string,
	emulator?: Emulator,
): Promise<number> {
	emulator?.advance(3600);
	emulator?.requests.clear();
	const executionId = await client.start(workflowId);
	if (emulator) {
		const isStarting = () => emulator.requests.matching(/runliveresponse/).length > 0;
		await until(isStarting, 'the first start', 60);
	}
	await passed(5000);
	const since = Date.now();
	await client.stop(executionId);
	await client.finished(executionId, 60);
	await passed(2000);
	const stalls = readdirSync(folder).flatMap((file) =>
		readFileSync(join(folder, file), 'utf8').trim().split('\n'),
	);
	const after = stalls.map((line) => line.split(' ').map(Number)).filter(([at]) => at >= since);
	return Math.max(0, ...after.map(([, ms]) => ms));
}

const waitNodeWorkflow = (ids: readonly string[]): WorkflowFile =>
	onItems(
		"Waiting by n8n's own node",
		ids.map((machineId) => ({ machineId })),
		[
			{
				name: 'Results',
				type: 'n8n-nodes-base.wait',
				typeVersion: 1.1,
				parameters: { resume: 'timeInterval', amount: 50, unit: 'seconds' },
			},
		],
	);
