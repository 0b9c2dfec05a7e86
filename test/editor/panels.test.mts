/** Every operation's panel as a person sees it: which fields, in which order, with which options. */
import { NodeHelpers, type INodeProperties } from 'n8n-workflow';

import { DefenderLiveResponse } from '../../nodes/DefenderLiveResponse/DefenderLiveResponse.node';
import { operationPairs } from '../support/operations.mts';
import { packageName } from '../../playground/communityPackage.mts';
import { N8nSession } from '../../playground/n8n/session.mts';
import { N8nClient } from '../../playground/n8n/n8nClient.mts';
import { credentialType } from '../../playground/packageNodes.mts';
import { sharedN8n } from '../e2e/sharedN8n.mts';
import { until } from '../support/until.mts';
import { editor, emulator, shareEditor } from './sharedEditor.mts';

let workflowId: string;

shareEditor({});

const { description } = new DefenderLiveResponse();

/** The fields that the description shows for an operation; n8n puts 'Authentication' into the credential. */
function described(resource: string, operation: string): string[] {
	const given = { resource, operation };
	const { properties } = description;
	const node = { typeVersion: 1 };
	const values = NodeHelpers.getNodeParameters(properties, given, true, false, node, description)!;
	const shown = properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, node, description),
	);
	return shown
		.filter(({ name }) => name !== 'authentication')
		.flatMap((field) => [field.displayName, ...addedFromTheStart(field)]);
}

function addedFromTheStart({ displayName, type, options, default: preset }: INodeProperties) {
	if (type !== 'collection') return ofTheFirstEntry[displayName] ?? [];
	return Object.keys(preset as object).map(
		(added) => (options as INodeProperties[]).find(({ name }) => name === added)!.displayName,
	);
}

/** One command is there from the start. */
const ofTheFirstEntry: Record<string, string[]> = {
	Commands: ['Type', 'Script Source', 'Script', 'Script SHA-256', 'Arguments'],
};

/** A panel builds up piece by piece. */
async function untilFieldsAre(expected: string[]): Promise<void> {
	let seen: string[] = [];
	await until(
		async () => {
			seen = await editor.fields();
			return seen.join('\n') === expected.join('\n');
		},
		() => `the fields ${expected.join(', ')}; shown are ${seen.join(', ')}`,
		20,
	);
}

it('shows what the operation needs and nothing else', async () => {
	const client = new N8nClient(await N8nSession.open(sharedN8n.url()));
	await client.saveCredential(credentialType, 'Panels', { ...emulator.credential });
	const nodes = operationPairs.map(([resource, operation], at) => ({
		id: `${at}`,
		name: `${resource} ${operation}`,
		type: `${packageName}.defenderLiveResponse`,
		typeVersion: 1,
		position: [(at % 4) * 240, Math.floor(at / 4) * 200] as [number, number],
		parameters: { resource, operation },
		credentials: { [credentialType]: { id: '', name: 'Panels' } },
	}));
	workflowId = await client.saveWorkflow({ name: 'Panels', nodes, connections: {} });
	await editor.openWorkflow(workflowId);
	for (const [resource, operation] of operationPairs) {
		await editor.openNode(`${resource} ${operation}`);
		await untilFieldsAre(['Credential', ...described(resource, operation)]);
		await editor.closeNode();
	}
});

it('offers what is left of the options in alphabetical order, and no call that cannot be made', async () => {
	await editor.openWorkflow(workflowId);
	await editor.openNode('liveResponse runScript');
	expect(await editor.options()).toEqual([
		'Batching',
		'Cancel on Timeout',
		'Encode Arguments',
		'Fail on Non-Zero Exit Code',
		'Idempotency Key',
		'Max Rate Limit Wait (Seconds)',
		'Parse Output as JSON',
		'Poll Interval (Seconds)',
		'Raw Output',
		'Script SHA-256',
		'When Device Is Busy',
	]);
	for (const field of ['resource', 'operation']) {
		expect(await editor.choices(field)).not.toContain('Custom API Call');
	}
});

it('a command has a list of scripts, and an end that is not waited for has no options', async () => {
	await editor.openWorkflow(workflowId);
	await editor.openNode('liveResponse runCommands');
	await editor.pick('scriptName', 'triage.ps1');
	await editor.closeNode();
	await editor.openNode('machine isolate');
	expect(await editor.options()).toEqual([
		'Batching',
		'Idempotency Key',
		'Max Rate Limit Wait (Seconds)',
		'Max Wait (Minutes)',
		'Poll Interval (Seconds)',
	]);
});

it('asks for tenant, app and secret on the first screen of 1440 by 900', async () => {
	await editor.newWorkflow();
	await editor.addNode('Run script on device');
	const { dialog } = await editor.newCredential('App Registration');
	for (const field of ['tenantId', 'clientId', 'clientSecret']) {
		const box = await dialog.getByTestId(`parameter-input-${field}`).locator('input').boundingBox();
		expect({ field, isSeen: box !== null && box.y > 0 && box.y + box.height < 900 }).toEqual({
			field,
			isSeen: true,
		});
	}
	const save = await dialog.getByTestId('credential-save-button').boundingBox();
	expect(save!.y).toBeLessThan(900);
});

it('as a tool of an agent, Run Script has no field for a text', async () => {
	const client = new N8nClient(await N8nSession.open(sharedN8n.url()));
	const tool = {
		id: '1',
		name: 'Run a script',
		type: `${packageName}.defenderLiveResponseTool`,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { resource: 'liveResponse', operation: 'runScript' },
	};
	const nodes = [tool];
	await editor.openWorkflow(await client.saveWorkflow({ name: 'A tool', nodes, connections: {} }));
	await editor.openNode(tool.name);
	await editor.page.getByTestId('resource-locator-scriptName').waitFor();

	const fields = await editor.fields();
	expect(fields).toContain('Arguments');
	expect(fields.filter((field) => /^Script (Source|Type|Text)$/.test(field))).toEqual([]);
});
