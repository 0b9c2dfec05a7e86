import type { IDataObject } from 'n8n-workflow';

import type { StoredExecution } from '../../playground/n8n/execution.mts';
import { liveResponseName } from '../../playground/packageNodes.mts';
import { until } from '../support/until.mts';
import type { Cluster } from './cluster.mts';
import { readerStep, resultParameters, waitForAWhile } from './workflows.mts';

export interface Handover {
	/** The item that the second worker gave. */
	readonly json: IDataObject;
	/** Where n8n keeps the file: `database:...`, `filesystem-v2:...`. */
	readonly binaryId: string;
	/** The file as the main process gives it to the editor. */
	readonly bytes: Buffer;
	/** Which workers ran the first and the second half, by index. */
	readonly workers: [wrote: number, read: number];
}

/**
 * One worker downloads a result and the workflow waits; that worker is stopped; another goes on with
 * the workflow and parses the file.
 */
export async function handOver(cluster: Cluster, transcript: string): Promise<Handover> {
	const { emulator, client, workers } = cluster;
	const machineActionId = emulator.tenant.actions.add({
		commands: [{ type: 'RunScript', scriptName: 'triage.ps1', transcript: { output: transcript } }],
	});
	await emulator.settled();
	const workflow = await cluster.publish('Handed over', {
		answer: 'received',
		parameters: resultParameters('download'),
		then: [waitForAWhile, readerStep],
	});
	await workflow.alert([{ machineActionId }]);
	const waiting = await untilStatus(cluster, workflow.id, 'waiting');
	const wrote = workerOf(cluster, waiting.id);
	await workers[wrote].stop();

	const finished = await client.finished(waiting.id, 180);
	await workers[wrote].start();

	const read = workers.findIndex(
		({ logText }, index) => index !== wrote && hasRun(logText(), waiting.id),
	);
	const binaryId = String(finished.items(liveResponseName)[0]?.binary?.data?.id);
	return {
		json: finished.json(readerStep.name)[0],
		binaryId,
		bytes: await client.binary(binaryId),
		workers: [wrote, read],
	};
}

async function untilStatus(
	{ client }: Cluster,
	workflowId: string,
	status: StoredExecution['status'],
): Promise<StoredExecution> {
	return await until(
		async () => {
			const [execution] = await client.executions(workflowId);
			if (execution?.status === 'error')
				throw new Error(JSON.stringify(execution.data.resultData.error));
			return execution?.status === status && execution;
		},
		`an execution of workflow ${workflowId} that is ${status}`,
		120,
	);
}

const hasRun = (log: string, executionId: string): boolean =>
	log.includes(`Worker started execution ${executionId} `);

const workerOf = ({ workers }: Cluster, executionId: string): number =>
	workers.findIndex(({ logText }) => hasRun(logText(), executionId));
