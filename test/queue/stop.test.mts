import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { inARow, splitInto, type Step } from '../../playground/n8n/workflowFile.mts';
import { liveResponse } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';
import { until } from '../support/until.mts';
import { openCluster, type Cluster } from './cluster.mts';

const minutes = 60_000;

/** Two devices every two seconds. */
const inBatches = liveResponse({
	resource: 'liveResponse',
	operation: 'runScript',
	machineId: byId('={{ $json.item.device }}'),
	scriptName: byId('no-output.ps1'),
	waitForCompletion: false,
	options: { batching: { batch: { batchSize: 2, batchInterval: 2000 } } },
});

const ofParent: Step = {
	name: 'When Executed by Another Workflow',
	type: 'n8n-nodes-base.executeWorkflowTrigger',
	typeVersion: 1.1,
	parameters: { inputSource: 'passthrough' },
};

const subWorkflow = (id: string): Step => ({
	name: 'Execute Workflow',
	type: 'n8n-nodes-base.executeWorkflow',
	typeVersion: 1.2,
	parameters: {
		workflowId: { __rl: true, mode: 'id', value: id },
		options: { waitForSubWorkflow: true },
	},
});

describe('Stop in queue mode', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await openCluster('stop', {
			emulator: { limits: { callsPerMinute: 10_000, callsPerHour: 100_000, runsPerMinute: 1000 } },
		});
	}, 5 * minutes);

	afterAll(async () => await cluster?.stop(), minutes);

	const starts = () => cluster.emulator.requests.matching(/runliveresponse/).length;

	/** Alerts the workflow about forty devices, and stops it after the first start. */
	async function stopAfterFirstStart(name: string, step: Step): Promise<void> {
		const { client, emulator } = cluster;
		const path = randomUUID();
		const alert: Step = {
			name: 'Alert',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			webhookId: path,
			parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
		};
		const file = inARow(name, [alert, splitInto('item', 'body.items'), step]);
		const workflowId = await client.saveWorkflow(file);
		await client.activate(workflowId);
		const items = Array.from({ length: 40 }, (_, at) => {
			const computerDnsName = `stop-${starts()}-${at}.contoso.example`;
			return { device: emulator.tenant.machines.add({ computerDnsName }) };
		});

		const before = starts();
		await cluster.send(path, { items });
		await until(() => starts() > before, 'the first start', 60);
		const [executionId] = await client.executionIds(workflowId);
		await client.stop(executionId);
		// What was on its way, and the next look at the execution above.
		await sleep(2500);
		const atStop = starts();
		await sleep(8000);
		expect(starts()).toBe(atStop);
		expect(atStop - before).toBeLessThan(12);
	}

	it(
		'starts nothing more, whichever worker runs the workflow',
		async () => await stopAfterFirstStart('Stopped', inBatches),
		2 * minutes,
	);

	it(
		'starts nothing more in a sub-workflow of it',
		async () => {
			const id = await cluster.client.saveWorkflow(inARow('Child', [ofParent, inBatches]));
			await cluster.client.activate(id);
			await stopAfterFirstStart('Parent', subWorkflow(id));
		},
		2 * minutes,
	);
});
