import type { Emulator } from '../../../emulator/emulator.mts';
import type { FinishedExecution } from '../../../playground/n8n/execution.mts';
import type { WorkflowFile } from '../../../playground/n8n/workflowFile.mts';
import { startedOn } from '../../support/startedActions.mts';
import { nodeName } from './steps.mts';
import { printedBy, type Ask, type World } from './world.mts';

/** One way in which n8n calls the node. */
export interface Way {
	readonly title: string;
	/** What the test does, for docs/runs.md. */
	readonly does: string;
	/** The credential's Directory (Tenant) ID is the expression `{{ $json.ask.tenant }}`. */
	run(world: World, credential: string): Promise<Outcome>;
}

export interface Outcome {
	readonly asks: readonly Ask[];
	/** What was given back for each ask, in their order. */
	readonly answers: readonly string[];
}

/** How the emulator saw it. */
export interface Verdict {
	readonly scripts: number;
	readonly startedOnce: boolean;
	readonly onAskedDevice: boolean;
	readonly inAskedTenant: boolean;
}

/** Compares what was asked for with what has been started in both tenants, and with what came back. */
export function verdictOf(world: World, { asks, answers }: Outcome): Verdict {
	const devices = [...new Set(asks.map(({ device }) => device))];
	const askedFor = (device: string) => asks.filter((ask) => ask.device === device);
	const startsOn = (tenants: readonly Emulator[], device: string) =>
		tenants.flatMap((tenant) => startedOn(tenant, device)).length;
	const started = (device: string) => startsOn(world.tenants, device);
	const startedThere = (ask: Ask) => startsOn([world.tenantOf(ask)], ask.device);
	const cameBack = (part: (ask: Ask) => string) =>
		answers.length === asks.length && asks.every((ask, at) => answers[at].includes(part(ask)));
	return {
		scripts: asks.length,
		startedOnce: devices.every((device) => started(device) === askedFor(device).length),
		onAskedDevice:
			devices.every((device) => started(device) > 0) && cameBack(({ device }) => device),
		inAskedTenant:
			asks.every((ask) => startedThere(ask) === started(ask.device)) && cameBack(printedBy),
	};
}

/** The `output` of the node's items. */
export const outputs = (execution: FinishedExecution, node = nodeName): string[] =>
	execution.json(node).map(({ output }) => String(output));

/** Saves the workflow and publishes it. @returns its id */
export async function publish({ n8n: { client } }: World, workflow: WorkflowFile): Promise<string> {
	const id = await client.saveWorkflow(workflow);
	await client.activate(id);
	return id;
}

/** Runs the workflow from the editor to its end. */
export const runByHand = async ({ n8n: { client } }: World, workflow: WorkflowFile) =>
	await client.run(await client.saveWorkflow(workflow), { timeoutSeconds: 120 });
