import { setTimeout as sleep } from 'node:timers/promises';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { FinishedExecution, type StoredExecution } from './execution.mts';
import type { N8nSession } from './session.mts';
import { manualTriggerName, type WorkflowFile } from './workflowFile.mts';

/** What the editor's credential test shows. */
export interface CredentialTest {
	readonly status: 'OK' | 'Error';
	readonly message: string;
}

interface Named {
	readonly id: string;
	readonly name: string;
}

/** What a user does in the editor: keep credentials and workflows, run them, read the items. */
export class N8nClient {
	readonly #session: N8nSession;

	constructor(session: N8nSession) {
		this.#session = session;
	}

	/** Creates the credential, or updates the one of that name. @returns its id */
	async saveCredential(
		type: string,
		name: string,
		data: ICredentialDataDecryptedObject,
	): Promise<string> {
		const body = { name, type, data };
		const existing = await this.#find('/rest/credentials', name);
		if (existing === undefined) {
			return (await this.#session.rest<Named>('POST', '/rest/credentials', body)).id;
		}
		await this.#session.rest('PATCH', `/rest/credentials/${existing.id}`, body);
		return existing.id;
	}

	/** The test that the editor runs when the credential is saved. */
	async testCredential(
		id: string,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<CredentialTest> {
		const body = { credentials: { id, name: 'test', type, data } };
		return await this.#session.rest<CredentialTest>('POST', '/rest/credentials/test', body);
	}

	/**
	 * Creates the workflow, or replaces the one of that name. Nodes that name a credential get the id
	 * it has in this n8n.
	 * @returns the workflow's id
	 */
	async saveWorkflow(file: WorkflowFile): Promise<string> {
		const body = {
			...file,
			nodes: await this.#withCredentialIds(file.nodes),
			settings: { executionOrder: 'v1', ...file.settings },
		};
		const existing = await this.#find('/rest/workflows', file.name);
		if (existing === undefined) {
			// n8n 1 asks for `active`; n8n 2 leaves it out of account.
			const created = { ...body, active: false };
			return (await this.#session.rest<Named>('POST', '/rest/workflows', created)).id;
		}
		await this.#session.rest('PATCH', `/rest/workflows/${existing.id}?forceSave=true`, body);
		return existing.id;
	}

	/**
	 * Runs the workflow from its trigger, as the editor's button does, until it has ended.
	 * @param options.trigger the trigger's node name, "When clicking 'Execute workflow'" by default
	 */
	async run(
		workflowId: string,
		options: { trigger?: string; timeoutSeconds?: number } = {},
	): Promise<FinishedExecution> {
		const executionId = await this.start(workflowId, options.trigger);
		return await this.finished(executionId, options.timeoutSeconds);
	}

	/** Starts the workflow and does not wait. @returns the execution's id */
	async start(workflowId: string, trigger = manualTriggerName): Promise<string> {
		const path = `/rest/workflows/${workflowId}`;
		// n8n 1 runs what it is sent, n8n 2 what it has saved.
		const workflowData = await this.#session.rest<object>('GET', path);
		const { executionId } = await this.#session.rest<{ executionId: string }>(
			'POST',
			`${path}/run`,
			{ workflowData, triggerToStartFrom: { name: trigger } },
		);
		return executionId;
	}

	/**
	 * Runs the workflow up to one node, as the editor's "Execute step" does.
	 * @param options.since what earlier nodes gave in that execution is not asked for again
	 */
	async runTo(
		workflowId: string,
		nodeName: string,
		options: { since?: FinishedExecution } = {},
	): Promise<FinishedExecution> {
		const runData = options.since?.stored.data.resultData.runData;
		const { executionId } = await this.#session.rest<{ executionId: string }>(
			'POST',
			`/rest/workflows/${workflowId}/run`,
			{ runData, dirtyNodeNames: [], destinationNode: { nodeName, mode: 'inclusive' } },
		);
		return await this.finished(executionId);
	}

	/** Waits until the execution has ended. @throws Error when it has not after `timeoutSeconds` */
	async finished(executionId: string, timeoutSeconds = 60): Promise<FinishedExecution> {
		const deadline = Date.now() + timeoutSeconds * 1000;
		for (;;) {
			const { status } = await this.#execution(executionId, false);
			if (hasEnded(status)) return new FinishedExecution(await this.#execution(executionId, true));
			if (Date.now() > deadline) {
				throw new Error(`Execution ${executionId} is still ${status} after ${timeoutSeconds} s`);
			}
			await sleep(100);
		}
	}

	/** Publishes the workflow as it is, and waits until its triggers and webhooks are at work. */
	async activate(workflowId: string): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const { versionId } = await this.#session.rest<{ versionId: string }>('GET', path);
		await this.#session.rest('POST', `${path}/activate`, { versionId });
		for (let tries = 0; ; tries += 1) {
			const { status } = await this.#session.rest<{ status: string }>(
				'GET',
				`${path}/publication-status`,
			);
			if (status === 'published') return;
			if (tries >= 600) throw new Error(`Workflow ${workflowId} is ${status}, not published`);
			await sleep(100);
		}
	}

	/** Its triggers and webhooks start nothing any more. */
	async deactivate(workflowId: string): Promise<void> {
		await this.#session.rest('POST', `/rest/workflows/${workflowId}/deactivate`, {});
	}

	/** Retries a failed or crashed execution, as the execution list does, until the retry has ended. */
	async retry(executionId: string, timeoutSeconds?: number): Promise<FinishedExecution> {
		const path = `/rest/executions/${executionId}/retry`;
		const { id } = await this.#session.rest<{ id: string }>('POST', path, { loadWorkflow: false });
		return await this.finished(id, timeoutSeconds);
	}

	/** What the workflow's nodes remember from one execution to the next. */
	async staticData(workflowId: string): Promise<unknown> {
		const path = `/rest/workflows/${workflowId}`;
		return (await this.#session.rest<{ staticData?: unknown }>('GET', path)).staticData ?? null;
	}

	/** Presses the editor's stop button. */
	async stop(executionId: string): Promise<void> {
		await this.#session.rest('POST', `/rest/executions/${executionId}/stop`);
	}

	/** Every execution n8n has stored (of one workflow, if given), with its data, newest first. */
	async executions(workflowId = ''): Promise<StoredExecution[]> {
		const all: StoredExecution[] = [];
		const filter = workflowId && `&workflowId=${workflowId}`;
		let cursor: string | null = '';
		while (cursor !== null) {
			const query = `includeData=true&limit=50${filter}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
			const page: { data: StoredExecution[]; nextCursor: string | null } =
				await this.#session.publicApi('GET', `/executions?${query}`);
			all.push(...page.data);
			cursor = page.nextCursor;
		}
		return all;
	}

	/** The ids of the workflow's executions (the newest 100), running and waiting ones included. */
	async executionIds(workflowId: string): Promise<string[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.#session.rest<{ results: Array<{ id: string }> }>(
			'GET',
			`/rest/executions?limit=100&filter=${filter}`,
		);
		return results.map(({ id }) => id);
	}

	/**
	 * Sends JSON to a webhook of a published workflow, as an alert source does.
	 * @returns the id of the execution that it has started
	 */
	async deliver(workflowId: string, path: string, body: object): Promise<string> {
		const known = new Set(await this.executionIds(workflowId));
		await this.#session.webhook(path, body);
		for (let tries = 0; ; tries += 1) {
			const started = (await this.executionIds(workflowId)).find((id) => !known.has(id));
			if (started !== undefined) return started;
			if (tries >= 600) throw new Error(`${path} has started no execution of ${workflowId}`);
			await sleep(100);
		}
	}

	/** How an execution stands. */
	async status(executionId: string): Promise<StoredExecution['status']> {
		return (await this.#execution(executionId, false)).status;
	}

	/** The bytes behind `item.binary[field].id`. */
	async binary(id: string): Promise<Buffer> {
		return await this.#session.file(`/rest/binary-data?id=${encodeURIComponent(id)}&action=view`);
	}

	/** The node types the editor offers. */
	async nodeTypes(): Promise<Array<{ name: string; version: number | number[] }>> {
		return JSON.parse((await this.#session.file('/types/nodes.json')).toString()) as Array<{
			name: string;
			version: number | number[];
		}>;
	}

	async #execution(id: string, includeData: boolean): Promise<StoredExecution> {
		return await this.#session.publicApi('GET', `/executions/${id}?includeData=${includeData}`);
	}

	async #find(path: string, name: string): Promise<Named | undefined> {
		const entries = await this.#session.rest<Named[]>('GET', path);
		return entries.find((entry) => entry.name === name);
	}

	async #withCredentialIds(nodes: WorkflowFile['nodes']): Promise<WorkflowFile['nodes']> {
		const known = await this.#session.rest<Named[]>('GET', '/rest/credentials');
		return nodes.map((node) => {
			if (node.credentials === undefined) return node;
			const credentials = Object.entries(node.credentials).map(([type, { name }]) => {
				const id = known.find((entry) => entry.name === name)?.id;
				if (id === undefined) throw new Error(`Node "${node.name}" names no credential: "${name}"`);
				return [type, { id, name }] as const;
			});
			return { ...node, credentials: Object.fromEntries(credentials) };
		});
	}
}

const hasEnded = (status: StoredExecution['status']): boolean =>
	!['new', 'running', 'waiting', 'unknown'].includes(status);
