import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { inARow, splitInto, type Step } from '../../playground/n8n/workflowFile.mts';
import { credentialType, liveResponse, signedInBy } from '../../playground/packageNodes.mts';
import { newApplication } from '../support/newApplication.mts';
import { startedOn } from '../support/startedActions.mts';
import { byId } from '../support/resourceLocator.mts';
import { until } from '../support/until.mts';
import { openCluster, type Cluster } from './cluster.mts';

const minutes = 60_000;
const lookEveryMs = 2000;
/** Four more batches. */
const laterMs = 8000;

/** Two devices every two seconds. */
const inBatches = (credential: string): Step =>
	liveResponse(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId('={{ $json.item.device }}'),
			scriptName: byId('no-output.ps1'),
			waitForCompletion: false,
			options: { batching: { batch: { batchSize: 2, batchInterval: 2000 } } },
		},
		signedInBy(credential),
	);

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

	/** @returns the name of a credential whose app has used up none of its ten starts a minute */
	async function newCredential(name: string): Promise<string> {
		const { client, emulator } = cluster;
		await client.saveCredential(credentialType, name, { ...newApplication([emulator]) });
		return name;
	}

	/** Alerts the workflow about forty devices, stops it after the first start, and counts starts on them. */
	async function stopAfterFirstStart(name: string, step: Step) {
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
		const items = Array.from({ length: 40 }, () => ({ device: emulator.tenant.machines.add() }));
		const starts = () =>
			items.reduce((count, { device }) => count + startedOn(emulator, device).length, 0);

		await cluster.send(path, { items });
		await until(() => starts() > 0, 'the first start', 60);
		const [executionId] = await client.executionIds(workflowId);
		await client.stop(executionId);
		// What was on its way, until n8n's record of the execution is read again.
		await sleep(lookEveryMs + 500);
		const afterStop = starts();
		await sleep(laterMs);

		expect(starts()).toBe(afterStop);
		expect(afterStop).toBeLessThan(items.length / 2);
		return { workflowId, executionId, starts };
	}

	it(
		'starts nothing more, whichever worker runs the execution',
		async () => {
			await stopAfterFirstStart('Stopped', inBatches(await newCredential('Stopped')));
		},
		2 * minutes,
	);

	it(
		'starts nothing more in a sub-workflow of it',
		async () => {
			const step = inBatches(await newCredential('Child'));
			const id = await cluster.client.saveWorkflow(inARow('Child', [ofParent, step]));
			await cluster.client.activate(id);
			await stopAfterFirstStart('Parent', subWorkflow(id));
		},
		2 * minutes,
	);

	it(
		'does not keep the stopped execution from being retried',
		async () => {
			const { client } = cluster;
			const step = inBatches(await newCredential('Retried'));
			const { workflowId, executionId, starts } = await stopAfterFirstStart('Retried', step);
			const before = starts();

			const retry = client.retry(executionId).catch(() => undefined);
			await until(() => starts() > before, 'a start by the retry', 60);

			const [retryId] = await client.executionIds(workflowId);
			await client.stop(retryId);
			await retry;
		},
		2 * minutes,
	);
});
