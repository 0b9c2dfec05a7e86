import { setTimeout as sleep } from 'node:timers/promises';

import { triggerName } from '../../playground/packageNodes.mts';
import { until } from '../support/until.mts';
import { handOver } from './binaryHandover.mts';
import { openCluster, tenTimesTheLimits, type Cluster } from './cluster.mts';
import { runScriptParameters, triggerWorkflow } from './workflows.mts';

const minutes = 60_000;

describe('what one n8n process leaves to another', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await openCluster('handover', {
			emulator: { limits: { ...tenTimesTheLimits, callsPerHour: 60_000 } },
		});
	}, 10 * minutes);

	afterAll(async () => await cluster?.stop(), minutes);

	it(
		'is a result file in the database that another worker, and the editor, can read',
		async () => {
			const { json, binaryId, bytes, workers } = await handOver(cluster, 'Grüße aus Zürich');

			expect(binaryId).toMatch(/^database:/);
			expect(workers[1]).toBeGreaterThanOrEqual(0);
			expect(workers[0]).not.toBe(workers[1]);
			expect(json).toMatchObject({ script_name: 'triage.ps1', output: 'Grüße aus Zürich' });
			expect(JSON.parse(bytes.toString('utf8'))).toMatchObject({ script_name: 'triage.ps1' });
		},
		6 * minutes,
	);

	it(
		'is the run of an alert that comes twice at the same moment: each device answers both, and runs the script once',
		async () => {
			const { machines } = cluster.emulator.tenant;
			// Scripts have ended long before any list shows them.
			cluster.emulator.configure({ lag: { list: 30 }, durations: { pickup: 1, finish: 1 } });
			const workflow = await cluster.publish('Twice', {
				answer: 'result',
				parameters: runScriptParameters('triage.ps1', {
					idempotencyKey: '={{ $json.item.alert }}',
				}),
			});
			const alerts = Array.from({ length: 8 }, (_, at) => ({
				machineId: machines.add(),
				alert: `alert ${at}`,
			}));
			const twice = alerts.flatMap((alert) => [alert, alert]);
			const before = cluster.startedByWorker();
			const delivered = twice.map(async (alert) => await workflow.deliver([alert]));
			const results = await Promise.all(delivered).finally(() =>
				cluster.emulator.configure({ lag: { list: 0 } }),
			);

			expect(results.map(([result]) => result.machineId)).toEqual(
				twice.map(({ machineId }) => machineId),
			);
			expect(alerts.map(({ machineId }) => machines.runsOf(machineId, 'triage.ps1'))).toEqual(
				alerts.map(() => 1),
			);
			const busy = cluster.startedByWorker().filter((count, at) => count > before[at]);
			expect(busy.length).toBeGreaterThan(1);
		},
		6 * minutes,
	);

	it(
		'is what the trigger has seen: each ended live response once, over two restarts of main',
		async () => {
			const { emulator, main, client } = cluster;
			const workflowId = await client.saveWorkflow(triggerWorkflow('Trigger'));
			await client.activate(workflowId);
			await sleep(5000);
			const ended: string[] = [];
			const end = async (count: number) => {
				for (let index = 0; index < count; index += 1) {
					const output = `ended ${ended.length}`;
					emulator.tenant.actions.add({
						createdSecondsAgo: 1,
						tookSeconds: 1,
						commands: [{ type: 'RunScript', scriptName: 'triage.ps1', transcript: { output } }],
					});
					ended.push(output);
				}
				await emulator.settled();
			};
			const seen = async () => {
				const executions = await client.executions(workflowId);
				return executions.flatMap(({ data }) =>
					(data?.resultData.runData[triggerName] ?? []).flatMap((run) =>
						(run.data?.main[0] ?? []).map(({ json }) => String(json.output)),
					),
				);
			};
			const untilAllSeen = async () =>
				await until(
					async () => (await seen()).length >= ended.length,
					`all of ${ended.length} live responses to start the workflow`,
					90,
				);

			await end(3);
			await untilAllSeen();
			for (const [before, after] of [
				[2, 3],
				[3, 2],
			]) {
				await end(before);
				await main.stop();
				await end(after);
				await main.start();
				await untilAllSeen();
			}
			// One more poll, which must not bring anything again.
			const before = cluster.polls();
			await sleep(65_000);

			expect(cluster.polls()).toBeGreaterThan(before);
			expect((await seen()).sort()).toEqual([...ended].sort());
		},
		12 * minutes,
	);
});
