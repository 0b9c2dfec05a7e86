import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { contosoMachineId, startEmulator, type Emulator } from '../../emulator/emulator.mts';
import { harshInRealTime } from '../../emulator/profiles.mts';
import { installPackage, packPackage } from '../../playground/communityPackage.mts';
import { workFolder } from '../../playground/folders.mts';
import { startN8n, type N8n } from '../../playground/n8n/n8n.mts';
import { inARow, noOperation } from '../../playground/n8n/workflowFile.mts';
import {
	credentialName,
	credentialType,
	liveResponseTrigger,
	triggerName,
} from '../../playground/packageNodes.mts';
import { until } from '../support/until.mts';

/** n8n polls once a minute at most for one time; many times a minute are many of them. */
const everyTwoSeconds = Array.from({ length: 30 }, (_, at) => ({
	mode: 'custom',
	cronExpression: `${2 * at} * * * * *`,
}));
const severalPollsMs = 7000;

const workflow = inARow('A live response has ended', [
	liveResponseTrigger({ pollTimes: { item: everyTwoSeconds }, filters: {}, options: {} }),
	noOperation('Ticket'),
]);

describe('a workflow that starts when a live response has ended', () => {
	let n8n: N8n;
	let emulator: Emulator;
	let workflowId: string;

	beforeAll(async () => {
		const userFolder = join(workFolder, 'e2e-trigger');
		rmSync(userFolder, { recursive: true, force: true });
		await installPackage(await packPackage(), userFolder);
		emulator = await startEmulator({
			...harshInRealTime,
			limits: { callsPerMinute: 100_000, callsPerHour: 1_000_000 },
			durations: { queueTimeout: 30 * 24 * 3600 },
		});
		n8n = await startN8n({ userFolder });
		await n8n.client.saveCredential(credentialType, credentialName, { ...emulator.credential });
		workflowId = await n8n.client.saveWorkflow(workflow);
	}, 300_000);

	afterAll(async () => {
		await n8n?.stop();
		await emulator?.stop();
	}, 60_000);

	const start = (computerDnsName = 'pc-fin-014.contoso.example'): string =>
		emulator.tenant.actions.start({
			device: emulator.tenant.machines.get(contosoMachineId(computerDnsName))!,
			commands: [{ type: 'RunScript', params: [{ key: 'ScriptName', value: 'triage.ps1' }] }],
			comment: 'Triage',
			externalId: null,
			requestor: 'analyst@contoso.example',
		}).id;

	const end = async () => {
		emulator.advance(60);
		emulator.tenant.actions.settle();
		await emulator.settled();
	};

	/** What reached the node behind the trigger in production, oldest first. */
	const delivered = async (): Promise<IDataObject[]> => {
		const executions = (await n8n.client.executions()).filter(({ mode }) => mode === 'trigger');
		return executions
			.reverse()
			.flatMap(({ data }) => data.resultData.runData.Ticket?.at(-1)?.data?.main[0] ?? [])
			.map(({ json }) => json);
	};

	const untilDelivered = async (id: string): Promise<void> => {
		await until(
			async () => (await delivered()).some(({ machineActionId }) => machineActionId === id),
			() => `${id} to start the workflow:\n${n8n.logText()}`,
			60,
		);
	};

	it('is started exactly once for each, across a restart, a crash and time off', async () => {
		const ids: string[] = [];
		start();
		const waiting = start('pc-fin-015.contoso.example');
		await end();
		await n8n.client.activate(workflowId);

		ids.push(start());
		await end();
		await untilDelivered(ids[0]);

		ids.push(start());
		await end();
		await n8n.restart();
		await untilDelivered(ids[1]);

		emulator.tenant.machines.change(contosoMachineId('pc-fin-015.contoso.example'), {
			online: true,
		});
		ids.push(waiting);
		await end();
		await untilDelivered(waiting);

		await n8n.kill();
		ids.push(start());
		await end();
		await n8n.start();
		await untilDelivered(ids[3]);

		await sleep(severalPollsMs);
		const items = await delivered();
		expect(items.map(({ machineActionId }) => machineActionId)).toEqual(ids);
		for (const item of items) {
			expect(item).toMatchObject({
				status: 'Succeeded',
				commandIndex: 0,
				script_name: 'triage.ps1',
				exit_code: 0,
				error: null,
				parse: 'strict',
			});
		}
	}, 400_000);

	it('shows the last one in the editor, however often it is tried, and misses nothing by that', async () => {
		const last = start();
		await end();
		for (let attempt = 0; attempt < 2; attempt++) {
			const execution = await n8n.client.run(workflowId, { trigger: triggerName });
			expect(execution.status).toBe('success');
			expect(execution.json(triggerName)).toMatchObject([{ machineActionId: last, exit_code: 0 }]);
		}
		await untilDelivered(last);
		await sleep(severalPollsMs);
		const times = (await delivered()).filter(({ machineActionId }) => machineActionId === last);
		expect(times).toHaveLength(1);
	}, 120_000);

	it('is still active after polls that fail, which n8n shows as failed executions', async () => {
		emulator.faults.order({ kind: 'serverError', count: Infinity });
		const id = start();
		await end();
		const failed = async () =>
			(await n8n.client.executions()).filter(({ status }) => status === 'error');
		await until(async () => (await failed()).length > 0, 'a failed execution', 60);
		emulator.faults.clear();
		const [execution] = await failed();
		expect(execution.data.resultData.error?.message).toBe(
			'The Defender API answered with HTTP status 500',
		);
		await untilDelivered(id);
	}, 150_000);
});
