import type { INode, INodeParameters } from 'n8n-workflow';

import { contosoActions, contosoMachineId, type Emulator } from '../../emulator/emulator.mts';
import { packageName } from '../communityPackage.mts';
import type { N8n } from '../n8n/n8n.mts';
import { inARow, onItems } from '../n8n/workflowFile.mts';
import {
	credentialName,
	credentialType,
	liveResponse,
	liveResponseName,
	liveResponseTrigger,
	oneResult,
	triggerName,
} from '../packageNodes.mts';
import { byId } from '../../test/support/resourceLocator.mts';

/** One thing a user does, tried on a version of n8n. */
export interface Check {
	readonly name: string;
	/** @throws Error with what went otherwise */
	run(subject: { n8n: N8n; emulator: Emulator }): Promise<void>;
}

export const checks: readonly Check[] = [
	{
		name: 'loads',
		run: async ({ n8n }) => {
			const types = (await n8n.client.nodeTypes()).map(({ name }) => name);
			const missing = ['defenderLiveResponse', 'defenderLiveResponseTrigger']
				.map((name) => `${packageName}.${name}`)
				.filter((name) => !types.includes(name));
			if (missing.length > 0) throw new Error(`n8n does not offer ${missing.join(', ')}`);
		},
	},
	{
		name: 'credential test',
		run: async ({ n8n, emulator }) => {
			const { client } = n8n;
			const data = { ...emulator.credential };
			const id = await client.saveCredential(credentialType, credentialName, data);
			const { status, message } = await client.testCredential(id, credentialType, data);
			if (status !== 'OK') throw new Error(message);
		},
	},
	{
		name: 'result to fields',
		run: async (subject) => {
			const [item] = await items(
				subject.n8n,
				oneResult('parseTranscript', contosoActions.documentationSample),
			);
			expectFields(item.json, { script_name: 'minidump.ps1', exit_code: 0, parse: 'repaired' });
		},
	},
	{
		name: 'run script',
		run: async (subject) => {
			const machineId = contosoMachineId('pc-fin-014.contoso.example');
			subject.emulator.tenant.library.add({
				fileName: 'matrix.ps1',
				behaviour: { exitCode: 4, output: 'done' },
			});
			const [item] = await items(subject.n8n, {
				resource: 'liveResponse',
				operation: 'runScript',
				machineId: byId(machineId),
				scriptName: byId('matrix.ps1'),
				args: '',
				comment: 'matrix',
				waitForCompletion: true,
				options: { pollIntervalSeconds: 1 },
			});
			expectFields(item.json, { machineId, exit_code: 4, output: 'done' });
		},
	},
	{
		name: 'file as binary',
		run: async (subject) => {
			const [item] = await items(
				subject.n8n,
				oneResult('download', contosoActions.getFile, { binaryPropertyName: 'data' }),
			);
			if (item.binary?.data === undefined) throw new Error('no binary field');
			expectFields(item.json, { fileName: item.binary.data.fileName });
		},
	},
	{
		name: 'trigger',
		run: async ({ n8n }) => {
			const file = inARow('Trigger', [liveResponseTrigger()]);
			const id = await n8n.client.saveWorkflow(file);
			const execution = await n8n.client.run(id, {
				trigger: triggerName,
				timeoutSeconds: 120,
			});
			if (execution.items(triggerName).length > 0) return;
			throw new Error(execution.errorMessage ?? `${execution.status}, no items`);
		},
	},
	{
		name: 'refusal explained',
		run: async (subject) => {
			subject.emulator.faults.order({ kind: 'forbidden', count: 1 });
			const [item] = await items(
				subject.n8n,
				{
					resource: 'machineAction',
					operation: 'get',
					machineActionId: byId(contosoActions.getFile),
				},
				{ onError: 'continueRegularOutput' },
			);
			const { error, details } = item.json as { error?: string; details?: { httpCode?: string } };
			if (!error || details?.httpCode !== '403') {
				throw new Error(`got ${JSON.stringify(item.json).slice(0, 200)}`);
			}
		},
	},
];

async function items(
	{ client }: N8n,
	parameters: INodeParameters,
	settings: Partial<Pick<INode, 'onError'>> = {},
) {
	const name = `${String(parameters.resource)} ${String(parameters.operation)}`;
	const file = onItems(name, [{}], [liveResponse(parameters, settings)]);
	const execution = await client.run(await client.saveWorkflow(file), {
		timeoutSeconds: 120,
	});
	const found = execution.items(liveResponseName);
	if (execution.status === 'success' && found.length > 0) return found;
	throw new Error(execution.errorMessage ?? `${execution.status}, ${found.length} items`);
}

function expectFields(item: object, expected: Record<string, unknown>): void {
	for (const [name, value] of Object.entries(expected)) {
		const found = (item as Record<string, unknown>)[name];
		if (found !== value) throw new Error(`${name} is ${String(found)}, not ${String(value)}`);
	}
}
