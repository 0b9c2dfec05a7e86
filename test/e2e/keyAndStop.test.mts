/** One idempotency key in several executions, and Stop: what is started, and what is not any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';

import {
	inARow,
	listOf,
	onItems,
	splitInto,
	type Step,
} from '../../playground/n8n/workflowFile.mts';
import { credentialType, liveResponse, signedInBy } from '../../playground/packageNodes.mts';
import { byId } from '../support/resourceLocator.mts';
import { newApplication } from '../support/newApplication.mts';
import { startedOn } from '../support/startedActions.mts';
import { until } from '../support/until.mts';
import { openTestBed, type TestBed } from './testBed.mts';
import { calledByParent, callEach } from './ways/steps.mts';

jest.setTimeout(120_000);

const script = 'quarter.ps1';
const nodeName = 'Run script';

let testBed: TestBed;

beforeAll(async () => {
	testBed = await openTestBed({
		emulator: { timeScale: 20, deviceLookup: { passingNotFound: 0 } },
	});
	testBed.emulator.tenant.library.add({ fileName: script, behaviour: { output: 'done\n' } });
});

afterAll(async () => await testBed.stop());

/** Saves the credential of an app that has used up none of its limits. @returns its name */
async function newCredential(name: string): Promise<string> {
	const { client, emulator } = testBed;
	await client.saveCredential(credentialType, name, { ...newApplication([emulator]) });
	return name;
}

const runScript = (credential: string, options: INodeParameters): Step =>
	liveResponse(
		{
			resource: 'liveResponse',
			operation: 'runScript',
			machineId: byId('={{ $json.device }}'),
			scriptName: byId(script),
			options: { pollIntervalSeconds: 1, ...options },
		},
		{ name: nodeName, ...signedInBy(credential) },
	);

const devices = (count: number) =>
	Array.from({ length: count }, () => testBed.emulator.tenant.machines.add());

const starts = (devices: readonly string[]) =>
	devices.flatMap((device) => startedOn(testBed.emulator, device).map(({ id }) => id));

describe('one idempotency key in two executions at once', () => {
	it.each([
		['of one workflow', ['Key'], 'fail'],
		['of one workflow, when a busy device is waited for', ['Key wait'], 'wait'],
		['of two workflows', ['Key first', 'Key second'], 'fail'],
	])('%s: the script runs once, and both have its result', async (_case, names, whenBusy) => {
		const { client } = testBed;
		const [device] = devices(1);
		const credential = await newCredential(names[0]);
		const node = runScript(credential, { idempotencyKey: `alert ${names[0]}`, whenBusy });
		const ids = await Promise.all(
			names.map(async (name) => await client.saveWorkflow(onItems(name, [{ device }], [node]))),
		);

		const started = await Promise.all(
			[ids[0], ids.at(-1)!].map(async (id) => await client.start(id)),
		);
		const executions = await Promise.all(started.map(async (id) => await client.finished(id, 100)));

		expect(executions.map(({ status, errorMessage }) => [status, errorMessage])).toEqual(
			executions.map(() => ['success', undefined]),
		);
		const [action, ...more] = starts([device]);
		expect(more).toEqual([]);
		const items = executions.flatMap((execution) => execution.json(nodeName));
		expect(items.map(({ machineActionId }) => machineActionId)).toEqual([action, action]);
		expect(items.filter(({ attached }) => attached === true)).toHaveLength(1);
	});
});

describe('after Stop nothing more is started', () => {
	/** One start after the other, so that most are still to come. */
	const oneByOne = { batching: { batch: { batchSize: 1, batchInterval: 700 } } };
	const laterMs = 3000;
	/** n8n tells a sub-workflow nothing of it: the node reads its record of the parent this often. */
	const lookEveryMs = 2000;

	async function published(steps: Step[]): Promise<string> {
		const id = await testBed.client.saveWorkflow(inARow('Child', [calledByParent, ...steps]));
		await testBed.client.activate(id);
		return id;
	}

	it.each([
		['in a workflow', false],
		['in a sub-workflow whose parent was stopped two seconds ago', true],
	])('%s', async (_case, isSubWorkflow) => {
		const { client } = testBed;
		const ids = devices(20);
		const credential = await newCredential(`Stop ${isSubWorkflow}`);
		const steps = [
			listOf('Devices', JSON.stringify(ids)),
			splitInto('device', 'list'),
			runScript(credential, oneByOne),
		];
		const workflowId = await client.saveWorkflow(
			isSubWorkflow
				? onItems('Stopped parent', [{}], [callEach(await published(steps))])
				: onItems('Stopped', [{}], steps),
		);
		const executionId = await client.start(workflowId);
		await until(() => starts(ids).length >= 2, 'two started scripts', 60);

		await client.stop(executionId);
		await until(
			async () => (await client.status(executionId)) === 'canceled',
			'the execution to be canceled',
			30,
		);
		if (isSubWorkflow) await sleep(lookEveryMs);
		const started = starts(ids).length;
		await sleep(laterMs);

		expect(starts(ids).length).toBe(started);
		expect(started).toBeLessThan(ids.length);
	});
});
