import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import type { EmulatorOptions } from '../../emulator/emulator.mts';
import { workFolder } from '../../playground/folders.mts';
import { alertHeader } from '../../playground/n8n/session.mts';
import { startQueueMode, type QueueMode } from '../../playground/queue/queueMode.mts';
import { http } from '../support/http.mts';
import { webhookWorkflow, type WebhookOptions } from './workflows.mts';

export interface WebhookAnswer {
	readonly status: number;
	/** Text where it is no JSON. */
	readonly body: unknown;
}

/** A workflow that alerts start through the webhook process. */
export interface PublishedWorkflow {
	readonly id: string;
	/** Sends an alert. @returns what the webhook answers */
	alert(items: IDataObject[]): Promise<WebhookAnswer>;
	/** The same, sent again until it is answered with 200, as alert sources do. */
	deliver(items: IDataObject[]): Promise<IDataObject[]>;
}

/** Queue mode for the tests of one file. */
export interface Cluster extends QueueMode {
	publish(name: string, options: WebhookOptions): Promise<PublishedWorkflow>;
	/** Sends to a path of the webhook process. @returns what it answers */
	send(path: string, body: object): Promise<WebhookAnswer>;
	/** How many executions each worker has started. */
	startedByWorker(): number[];
	/** How often triggers have been given the list in which they look for what has ended. */
	polls(): number;
}

/** The documented limits of the API times ten, so that a test takes minutes and not an hour. Runs are few anyway. */
export const tenTimesTheLimits = { callsPerMinute: 1000, callsPerHour: 15_000, runsPerMinute: 10 };

export async function openCluster(
	name: string,
	options: { emulator?: EmulatorOptions; environment?: Record<string, string> } = {},
): Promise<Cluster> {
	const queueMode = await startQueueMode({ folder: join(workFolder, `queue-${name}`), ...options });
	const send = async (path: string, body: object) =>
		await post(`${queueMode.webhook.url}/webhook/${path}`, body);
	return {
		...queueMode,
		send,
		publish: async (workflowName, workflowOptions) => {
			const { file, path } = webhookWorkflow(workflowName, workflowOptions);
			const id = await queueMode.client.saveWorkflow(file);
			await queueMode.client.activate(id);
			const alert = async (items: IDataObject[]) => await send(path, { items });
			return { id, alert, deliver: async (items) => await deliver(alert, items) };
		},
		startedByWorker: () =>
			queueMode.workers.map(
				({ logText }) => [...logText().matchAll(/Worker started execution \d+/g)].length,
			),
		polls: () =>
			queueMode.emulator.requests.matching(listOfTrigger).filter(({ status }) => status === 200)
				.length,
	};
}

/** No other call of the node asks for what is unfinished whenever it was created. */
const listOfTrigger = /^GET \/api\/machineactions\?\S*InProgress/;

const mostDeliveries = 10;
const secondsBetweenDeliveries = 5;

async function deliver(
	alert: PublishedWorkflow['alert'],
	items: IDataObject[],
): Promise<IDataObject[]> {
	for (let deliveries = 1; ; deliveries += 1) {
		const { status, body } = await alert(items).catch((error: Error) => ({
			status: 0,
			body: error.message,
		}));
		if (status === 200) return body as IDataObject[];
		if (deliveries >= mostDeliveries) throw new Error(`${status}: ${JSON.stringify(body)}`);
		await sleep(secondsBetweenDeliveries * 1000);
	}
}

const longestAnswerSeconds = 120;

async function post(url: string, body: object): Promise<WebhookAnswer> {
	const { status, data } = await http.post<unknown>(url, body, {
		headers: alertHeader,
		signal: AbortSignal.timeout(longestAnswerSeconds * 1000),
		validateStatus: () => true,
	});
	return { status, body: data };
}
