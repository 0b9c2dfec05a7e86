/** What the demo shows: workflows of this project, run in its n8n against its emulator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import type { FakeServices } from './fakeServices.mts';
import { saveAlertSource } from './exampleCredentials.mts';
import { exampleWith } from './examples.mts';
import type { FinishedExecution } from './n8n/execution.mts';
import type { N8n } from './n8n/n8n.mts';
import type { WorkflowFile } from './n8n/workflowFile.mts';

/** The name of the last node of the workflow that parses transcripts. */
const resultNode = 'Parse transcript';

/** A workflow that has run. */
export interface Shown {
	readonly name: string;
	/** Where the editor shows the execution. */
	readonly url: string;
	/** The items of the Defender Live Response node. */
	readonly items: IDataObject[];
	/** What is not as it should be; empty when all is well. */
	readonly objections: string[];
}

/** Two finished live responses, read and parsed. */
const parseTranscripts = (): WorkflowFile => workflowIn('parse-transcripts.json');

/** What the credential can do, for who tries out the node: it is in the list of workflows, and not run. */
export async function offerConnectionCheck(n8n: N8n): Promise<Pick<Shown, 'name' | 'url'>> {
	const workflow = workflowIn('check-connection.json');
	const workflowId = await n8n.client.saveWorkflow(workflow);
	return { name: workflow.name, url: `${n8n.url}/workflow/${workflowId}` };
}

function workflowIn(name: string): WorkflowFile {
	const file = join(import.meta.dirname, 'workflows', name);
	return JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
}

/** An alert as Defender's API gives it, of the fields that matter here. */
export const alert = {
	id: 'da637472900382838869_1364969609',
	title: 'Suspicious PowerShell command line',
	severity: 'High',
	computerDnsName: 'pc-fin-014.contoso.example',
};

/** Publishes the example and delivers an alert to it; the ticket arrives at the services. */
export async function showAlertToTicket(n8n: N8n, services: FakeServices): Promise<Shown> {
	const workflow = exampleWith('alert-to-ticket', { ticketUrl: services.ticketUrl });
	await saveAlertSource(n8n.client);
	const workflowId = await n8n.client.saveWorkflow(workflow);
	await n8n.client.activate(workflowId);
	const executionId = await n8n.client.deliver(workflowId, 'defender-alert', alert);
	const execution = await n8n.client.finished(executionId, 120);
	const items = execution.json('Run triage script');
	const [ticket] = services.tickets() as Array<{
		exitCode?: unknown;
		alert?: { id?: unknown };
		report?: { hostname?: unknown } | null;
	}>;
	const isRight =
		ticket?.exitCode === 0 &&
		ticket.alert?.id === alert.id &&
		ticket.report?.hostname === alert.computerDnsName.split('.')[0];
	return shown(n8n, workflowId, workflow.name, execution, items, [
		...(items.length === 1 && items[0].exit_code === 0 ? [] : ['unexpected items']),
		...(isRight ? [] : ['the ticket that was expected did not arrive']),
	]);
}

/** Runs the workflow that parses two transcripts: one as devices write it, one as documented. */
export async function showParsedTranscripts(n8n: N8n): Promise<Shown> {
	const workflow = parseTranscripts();
	const workflowId = await n8n.client.saveWorkflow(workflow);
	const execution = await n8n.client.run(workflowId);
	const items = execution.json(resultNode);
	const isRight =
		items.length === 2 && items.every((item) => item.exit_code === 0 && item.error === null);
	return shown(
		n8n,
		workflowId,
		workflow.name,
		execution,
		items,
		isRight ? [] : ['unexpected items'],
	);
}

function shown(
	n8n: N8n,
	workflowId: string,
	name: string,
	execution: FinishedExecution,
	items: IDataObject[],
	objections: string[],
): Shown {
	const ending = execution.errorMessage ?? `it ended as ${execution.status}`;
	return {
		name,
		url: `${n8n.url}/workflow/${workflowId}/executions/${execution.id}`,
		items,
		objections: execution.status === 'success' ? objections : [ending, ...objections],
	};
}
