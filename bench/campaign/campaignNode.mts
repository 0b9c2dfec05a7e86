/** The node as n8n runs it once a minute, from the built package; a restart forgets what it knew. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { heapBytes } from './heapBytes.mts';
import { root } from '../../playground/folders.mts';
import type { VirtualClock } from '../../test/support/virtualClock.mts';
import { scriptName, tag, type ApiRequest, type CampaignTenant } from './campaignTenant.mts';

const folder = join(root, 'dist/nodes/DefenderLiveResponse');

interface Totals {
	done: number;
	failed: number;
	running: number;
	pending: number;
	queued: number;
	offline: number;
	expired: number;
	devices: number;
	startedNow: number;
}

export interface AdvanceOptions {
	maxUnfinished?: number;
	giveUpPendingMinutes?: number;
}

const node = {
	id: 'node-1',
	name: 'Advance',
	type: 'defenderLiveResponse',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Each simulation is in a tenant of its own: what a process knows of one is not that of another. */
let tenants = 0;

export class CampaignNode {
	readonly #tenantId = `tenant ${++tenants}`;
	readonly #tenant: CampaignTenant;
	readonly #clock: VirtualClock;
	readonly #startsAt: number;
	readonly #options: AdvanceOptions;
	/** What n8n keeps in its database. */
	readonly #processed = new Set<string>();
	#executions = 0;
	/** What it has loaded ends with it. */
	#load = createRequire(import.meta.url);
	#connection: object | undefined;

	constructor(
		tenant: CampaignTenant,
		clock: VirtualClock,
		startsAt: number,
		options: AdvanceOptions = {},
	) {
		this.#tenant = tenant;
		this.#clock = clock;
		this.#startsAt = startsAt;
		this.#options = options;
	}

	/** n8n ends and starts again. @returns the bytes of heap that this gives back, code and all */
	restart(): number {
		const held = heapBytes();
		this.#connection = undefined;
		for (const file of Object.keys(this.#load.cache)) {
			if (file.startsWith(folder)) delete this.#load.cache[file];
		}
		this.#load = createRequire(import.meta.url);
		return held - heapBytes();
	}

	async advance(): Promise<Totals> {
		const { execute } = this.#load(join(folder, 'actions/campaign/advance.operation.js')) as {
			execute(context: object): Promise<Array<{ json: Totals }>>;
		};
		const parameters: Record<string, unknown> = {
			campaignKey: 'sweep',
			startsAt: new Date(this.#startsAt).toISOString(),
			devicesFrom: 'filters',
			filters: { tag },
			scriptName,
			args: '',
			comment: 'Sweep',
			options: this.#options,
		};
		const functions = this.#functions(String(++this.#executions));
		const [{ json }] = await execute({
			functions,
			itemIndex: 0,
			parameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
			stored: (name: string) => parameters[name],
			hint: () => undefined,
			connection: async () => this.#connect(functions),
		});
		return json;
	}

	#connect(functions: object) {
		const { budgetOf } = this.#load(join(folder, 'limits/appBudgets.js')) as {
			budgetOf(app: readonly string[], limits: object, clock: object): object;
		};
		const clock = {
			now: this.#clock.now,
			wallTime: () => this.#startsAt + this.#clock.now(),
			sleep: async (ms: number, signal?: AbortSignal) => await this.#clock.sleep(ms, signal),
		};
		const app = { tenantId: this.#tenantId, clientId: 'client' };
		const apiUrl = 'https://api.securitycenter.microsoft.com/api';
		this.#connection ??= {
			budget: budgetOf(
				[apiUrl, app.tenantId, app.clientId],
				{ callsPerMinute: 100, callsPerHour: 1500 },
				clock,
			),
		};
		return {
			...this.#connection,
			...{ functions, app, clock },
			credentialType: 'defenderLiveResponseOAuth2Api',
			credential: {},
			endpoints: { apiUrl },
			owner: 'execution',
			maxHoldMs: 20_000,
			events: {
				heldMs: 0,
				heldUntil: 0,
				renewedLinks: 0,
				started: new Set(),
				ended: new Set(),
				hints: new Set(),
			},
		};
	}

	#functions(executionId: string) {
		const execution = { node };
		const context = {};
		return {
			getNode: () => node,
			getWorkflow: () => ({ id: 'workflow-1', name: 'Sweep', active: true }),
			getInstanceId: () => 'instance',
			getExecutionId: () => executionId,
			getMode: () => 'trigger',
			getInputData: () => [{ json: {} }],
			getTimezone: () => 'Etc/UTC',
			getExecuteData: () => execution,
			getContext: () => context,
			getWorkflowDataProxy: () => ({ $runIndex: 0 }),
			helpers: {
				checkProcessedAndRecord: async (ids: string[]) => {
					const processed = ids.filter((id) => this.#processed.has(id));
					for (const id of ids) this.#processed.add(id);
					return { processed, new: ids.filter((id) => !processed.includes(id)) };
				},
				httpRequestWithAuthentication: async (_type: string, request: ApiRequest) => {
					await this.#clock.sleep(150);
					return await this.#tenant.answer(request);
				},
			},
		};
	}
}
