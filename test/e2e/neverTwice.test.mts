import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { startEmulator, type Emulator } from '../../emulator/emulator.mts';
import { harshInRealTime } from '../../emulator/profiles.mts';
import { installPackage, packPackage } from '../../playground/communityPackage.mts';
import { workFolder } from '../../playground/folders.mts';
import type { FinishedExecution } from '../../playground/n8n/execution.mts';
import { startN8n, type N8n } from '../../playground/n8n/n8n.mts';
import {
	inARow,
	splitInto,
	to,
	type Step,
	type WorkflowFile,
} from '../../playground/n8n/workflowFile.mts';
import { credentialName, credentialType, liveResponse } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';
import { until } from '../support/until.mts';

const userFolder = join(workFolder, 'e2e-never-twice');
const nodeName = 'Run script';
const minutes = 60_000;
const longestWaitSeconds = 60;

const webhook = (path: string): Step => ({
	name: 'Alert',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: randomUUID(),
	parameters: { httpMethod: 'POST', path, options: {} },
});

const eachDevice = splitInto('device', 'body.devices');

const loop: Step = {
	name: 'One by one',
	type: 'n8n-nodes-base.splitInBatches',
	typeVersion: 3,
	parameters: { batchSize: 1, options: {} },
};

const runScript = (scriptName: string, settings: Partial<Step> = {}): Step =>
	liveResponse(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId('={{ $json.device }}'),
			scriptName: byId(scriptName),
			args: '',
			comment: '',
			waitForCompletion: true,
			options: { pollIntervalSeconds: 1 },
		},
		{ name: nodeName, ...settings },
	);

const isolate = liveResponse(
	{
		resource: 'machine',
		operation: 'isolate',
		machineId: byId('={{ $json.device }}'),
		isolationType: 'Full',
		comment: 'Until looked at',
		waitForCompletion: true,
		options: { pollIntervalSeconds: 1 },
	},
	{ name: 'Isolate' },
);

/** Devices in one go. */
const straight = (
	path: string,
	scriptName = 'quarter.ps1',
	settings: Partial<Step> = {},
): WorkflowFile =>
	inARow(`Never twice ${path}`, [webhook(path), eachDevice, runScript(scriptName, settings)]);

/** The same nodes, kept in the opposite order. */
const keptBackwards = (workflow: WorkflowFile): WorkflowFile => ({
	...workflow,
	nodes: workflow.nodes.toReversed(),
});

/** Device after device; the loop stands after what it repeats. */
function looped(path: string): WorkflowFile {
	const row = inARow(`Never twice ${path}`, [
		webhook(path),
		eachDevice,
		loop,
		runScript('quarter.ps1'),
	]);
	const [alert, split, batches, run] = row.nodes;
	return {
		...row,
		nodes: [alert, run, split, batches],
		connections: {
			...row.connections,
			[loop.name]: { main: [[], to(nodeName)] },
			[nodeName]: { main: [to(loop.name)] },
		},
	};
}

describe('a script that was started is not started again', () => {
	let n8n: N8n;
	let emulator: Emulator;
	let paths = 0;

	beforeAll(async () => {
		rmSync(userFolder, { recursive: true, force: true });
		await installPackage(await packPackage(), userFolder);
		emulator = await startEmulator({
			...harshInRealTime,
			timeScale: 10,
			limits: { runsPerMinute: 1000, callsPerMinute: 10_000, callsPerHour: 100_000 },
			// Faults are ordered for the call that starts the script; a 404 before it would meet them.
			deviceLookup: { passingNotFound: 0 },
		});
		emulator.tenant.library.add({
			fileName: 'quarter.ps1',
			behaviour: { output: 'done\n', durationSeconds: 15 },
		});
		emulator.tenant.library.add({
			fileName: 'complains.ps1',
			behaviour: { exitCode: 2, output: 'half done\n', errors: 'Access is denied.\n' },
		});
		n8n = await startN8n({ userFolder });
		await n8n.client.saveCredential(credentialType, credentialName, { ...emulator.credential });
	}, 3 * minutes);

	afterAll(async () => {
		await n8n?.stop();
		await emulator?.stop();
	});

	const device = () => emulator.tenant.machines.add({});
	const runs = (id: string, script = 'quarter.ps1') => emulator.tenant.machines.runsOf(id, script);
	const starts = (id: string) =>
		emulator.requests.matching(new RegExp(`/machines/${id}/runliveresponse`));
	const freePath = () => String((paths += 1));

	async function publish(workflow: WorkflowFile): Promise<string> {
		const workflowId = await n8n.client.saveWorkflow(workflow);
		await n8n.client.activate(workflowId);
		return workflowId;
	}

	/** Delivers an alert. @returns the id of the execution it has started */
	const deliver = async (workflowId: string, path: string, devices: string[]) =>
		await n8n.client.deliver(workflowId, path, { devices });

	const untilFaultMet = async () =>
		await until(
			() => emulator.faults.outstanding.length === 0,
			'a call that meets the fault',
			longestWaitSeconds,
		);

	/** @param executionIds those under way, which can be retried then */
	async function crashAndRestart(...executionIds: string[]): Promise<void> {
		await n8n.kill();
		await n8n.start();
		// n8n looks through what was under way after it has begun to answer.
		for (const id of executionIds) {
			await until(
				async () => (await n8n.client.status(id)) === 'crashed',
				`n8n to notice the crashed execution ${id}`,
				longestWaitSeconds,
			);
		}
	}

	const results = (execution: FinishedExecution) =>
		execution.json(nodeName).map(({ machineId, exit_code }) => ({ machineId, exit_code }));

	function expectResultOf(id: string, execution: FinishedExecution, script = 'quarter.ps1'): void {
		const exit_code = script === 'complains.ps1' ? 2 : 0;
		expect([execution.status, results(execution)]).toEqual([
			'success',
			[{ machineId: id, exit_code }],
		]);
		expect(runs(id, script)).toBe(1);
	}

	describe('when n8n is killed in the middle and the crashed execution is retried', () => {
		async function crashAfterStart(workflow: (path: string) => WorkflowFile) {
			const path = freePath();
			const id = device();
			const workflowId = await publish(workflow(path));
			const executionId = await deliver(workflowId, path, [id]);
			await until(() => runs(id) === 1, 'the script to run', longestWaitSeconds);
			await crashAndRestart(executionId);
			return { id, executionId, workflowId, path };
		}

		it.each([
			['goes on with the run that is there', straight],
			[
				'also when the node stands before its trigger in the workflow',
				(path: string) => keptBackwards(straight(path)),
			],
		])(
			'%s',
			async (_case, workflow) => {
				const { id, executionId } = await crashAfterStart(workflow);

				const retried = await n8n.client.retry(executionId);

				expectResultOf(id, retried);
				expect(starts(id)).toHaveLength(1);
			},
			3 * minutes,
		);

		it(
			'also when the retry crashes',
			async () => {
				const { id, executionId, workflowId } = await crashAfterStart((path) =>
					keptBackwards(straight(path)),
				);
				emulator.faults.order({ kind: 'slow', seconds: 60, path: /GetLiveResponseResult/ });
				const retrying = n8n.client.retry(executionId).catch(() => undefined);
				await untilFaultMet();
				const [second] = await n8n.client.executionIds(workflowId);
				expect(second).not.toBe(executionId);
				await crashAndRestart(second);
				await retrying;

				const retried = await n8n.client.retry(second);

				expectResultOf(id, retried);
			},
			4 * minutes,
		);

		it(
			'in each round of a loop, and starts those that had not begun',
			async () => {
				const path = freePath();
				const devices = [device(), device(), device()];
				const workflowId = await publish(looped(path));
				const executionId = await deliver(workflowId, path, devices);
				const second = () => runs(devices[1]) === 1;
				await until(second, 'the script to run on the second device', longestWaitSeconds);
				await crashAndRestart(executionId);

				const retried = await n8n.client.retry(executionId);

				expect(retried.status).toBe('success');
				expect(devices.map((id) => runs(id))).toEqual([1, 1, 1]);
				expect(
					retried.json(loop.name).map(({ machineId, exit_code }) => [machineId, exit_code]),
				).toEqual(devices.map((id) => [id, 0]));
			},
			2 * minutes,
		);

		it(
			'when the answer to the start had not arrived yet, of a script and of an isolation',
			async () => {
				const [id, isolated] = [device(), device()];
				const scriptPath = freePath();
				const isolatePath = freePath();
				const isolations = () => emulator.requests.matching(new RegExp(`/${isolated}/isolate$`));
				emulator.faults.order({ kind: 'lateAnswer', seconds: 30, path: /runliveresponse/ });
				emulator.faults.order({ kind: 'lateAnswer', seconds: 30, path: /isolate$/ });
				const script = await publish(straight(scriptPath));
				const isolation = await publish(
					inARow('Never twice isolated', [webhook(isolatePath), eachDevice, isolate]),
				);
				const scriptRun = await deliver(script, scriptPath, [id]);
				const isolationRun = await deliver(isolation, isolatePath, [isolated]);
				const areSent = () => starts(id).length === 1 && isolations().length === 1;
				await until(areSent, 'both starts', longestWaitSeconds);
				await crashAndRestart(scriptRun, isolationRun);

				expectResultOf(id, await n8n.client.retry(scriptRun));
				const retried = await n8n.client.retry(isolationRun);

				expect(retried.json(isolate.name)).toMatchObject([
					{ machineId: isolated, type: 'Isolate', status: 'Succeeded' },
				]);
				expect(isolations()).toHaveLength(1);
				expect(
					emulator.tenant.actions.all.filter(({ machineId }) => machineId === isolated),
				).toHaveLength(1);
			},
			3 * minutes,
		);

		it(
			'but a result from before the alert is not taken for the one that is missing',
			async () => {
				const path = freePath();
				const id = device();
				const workflowId = await publish(straight(path));
				const earlier = await n8n.client.finished(await deliver(workflowId, path, [id]));
				const [{ machineActionId }] = earlier.json(nodeName);
				emulator.tenant.actions.get(String(machineActionId))!.createdAt -= 24 * 3_600_000;
				emulator.faults.order({ kind: 'slow', seconds: 60, path: /machineactions/ });
				const executionId = await deliver(workflowId, path, [id]);
				await untilFaultMet();
				await crashAndRestart(executionId);

				const retried = await n8n.client.retry(executionId);

				expect(results(retried)).toEqual([{ machineId: id, exit_code: 0 }]);
				expect(retried.json(nodeName)[0].machineActionId).not.toBe(machineActionId);
				expect(runs(id)).toBe(2);
			},
			4 * minutes,
		);
	});

	describe('when the answer of Defender does not arrive, or the node is tried again', () => {
		interface Case {
			readonly order?: (id: string) => void;
			readonly script?: string;
			readonly settings?: Partial<Step>;
		}
		const fiveTries = { retryOnFail: true, maxTries: 5, waitBetweenTries: 100 };
		const start = (id: string) => new RegExp(`/machines/${id}/runliveresponse`);
		const cases: Record<string, Case> = {
			'after a lost answer': {
				order: (id) => emulator.faults.order({ kind: 'lostAnswer', path: start(id) }),
			},
			'after a 504 that came too late': {
				order: (id) => emulator.faults.order({ kind: 'gatewayTimeout', path: start(id) }),
			},
			'with Retry On Fail and five tries, when the result cannot be read four times': {
				settings: fiveTries,
				order: () =>
					emulator.faults.order({ kind: 'forbidden', path: /GetLiveResponseResult/, count: 4 }),
			},
			'with Retry On Fail and five tries, which n8n uses up for a script with standard error': {
				settings: fiveTries,
				script: 'complains.ps1',
			},
		};

		it.each(Object.entries(cases))(
			'%s',
			async (_case, { order, script = 'quarter.ps1', settings }) => {
				const path = freePath();
				const id = device();
				const workflowId = await publish(straight(path, script, settings));
				order?.(id);

				const executionId = await deliver(workflowId, path, [id]);
				const finished = await n8n.client.finished(executionId, 120);

				expectResultOf(id, finished, script);
				expect(emulator.faults.outstanding).toEqual([]);
			},
			3 * minutes,
		);
	});
});
