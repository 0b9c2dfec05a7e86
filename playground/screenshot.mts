/**
 * `node playground/run.mjs screenshot`: takes the pictures of the documentation from n8n's editor with
 * Chromium: the way to a result in light and in dark, and the panel of each operation.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INodeProperties, INodeType } from 'n8n-workflow';

import { launchChromium, openEditor, type Page } from './browser.mts';
import { packageName } from './communityPackage.mts';
import { parseTranscripts, resultNode } from './demoWorkflow.mts';
import { root, workFolder } from './folders.mts';
import { endWith } from './userFacingError.cjs';
import { credentialName, credentialType } from './packageNodes.mts';
import { startPlayground, type Playground } from './playground.mts';

const pictures = join(root, 'docs/images');
const node = 'Defender Live Response';
/** Pixels for the line below the last field. */
const roomForHint = 32;

try {
	const browser = await launchChromium();
	try {
		const userFolder = join(workFolder, 'screenshot');
		rmSync(userFolder, { recursive: true, force: true });
		mkdirSync(pictures, { recursive: true });
		const playground = await startPlayground({
			userFolder,
			emulator: { timeScale: 20 },
			onProgress: (doing) => console.log(`  ${doing} ...`),
		});
		try {
			const workflowId = await playground.n8n.client.saveWorkflow(parseTranscripts());
			for (const colorScheme of ['light', 'dark'] as const) {
				const view = { colorScheme, width: 1440, height: 900 };
				const { page, context } = await openEditor(browser, playground.n8n.url, view);
				const save = async (name: string) => {
					const file = `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`;
					await page.screenshot({ path: join(pictures, file), animations: 'disabled' });
					console.log(`  ${file}`);
				};
				await photographNewNode(page, playground, save);
				await photographDemo(page, `${playground.n8n.url}/workflow/${workflowId}`, save);
				if (colorScheme === 'light') await photographPanels(page, playground);
				await context.close();
			}
		} finally {
			await playground.stop();
		}
	} finally {
		await browser.close();
	}
} catch (error) {
	endWith(error);
}

type Save = (name: string) => Promise<void>;

/** The demo workflow with its items, and its node with its parameters. */
async function photographDemo(page: Page, workflowUrl: string, save: Save): Promise<void> {
	await page.goto('about:blank');
	await page.goto(workflowUrl);
	await page.getByTestId('execute-workflow-button').click();
	const notice = page.getByText('Workflow executed successfully');
	await notice.waitFor();
	await notice.waitFor({ state: 'hidden' });

	const items = page.getByTestId('log-details-output').getByText('minidump.ps1');
	if (!(await items.isVisible())) await page.getByTestId('logs-overview-header').click();
	await items.waitFor();
	await save('workflow');

	await page.locator(`[data-test-id=canvas-node][data-node-name="${resultNode}"]`).dblclick();
	await page.getByTestId('output-panel').getByText('minidump.ps1').waitFor();
	await save('node');
}

/** The way to a first result: the node panel, the node, both credentials. */
async function photographNewNode(page: Page, { n8n }: Playground, save: Save): Promise<void> {
	await page.goto(`${n8n.url}/workflow/new`);
	await page.getByTestId('canvas-plus-button').click();
	const panel = page.getByTestId('node-creator');
	await panel.locator('input').first().fill('defender');
	await panel.getByText(node, { exact: true }).first().click();
	await panel.getByText(/^Actions \(\d+\)$/).click();
	await panel.getByText('Run script on device').waitFor();
	await save('actions');

	await panel.getByText('Run script on device').click();
	const choose = async (field: string, entry: string) => {
		await page.getByTestId(`resource-locator-${field}`).getByTestId('rlc-input').click();
		await page.getByTestId('rlc-item').filter({ hasText: entry, visible: true }).click();
	};
	await choose('machineId', 'pc-fin-014.contoso.example');
	await choose('scriptName', 'triage.ps1');
	await page.getByTestId('node-execute-button').click();
	const output = page.getByTestId('output-panel');
	await output.getByText('suspiciousProcesses').waitFor();
	await output.getByText('JSON', { exact: true }).click();
	await output.getByText('exit_code').waitFor();
	await page.getByText('Node executed successfully').waitFor({ state: 'hidden' });
	await save('run-script');

	await page.getByTestId('node-credentials-select').click();
	await page.getByTestId('node-credentials-select-item-new').click();
	const dialog = page.getByTestId('editCredential-modal');
	await dialog.getByTestId('parameter-input-tenantId').waitFor();
	await save('credential');

	await dialog.getByTestId('credential-mode-dropdown-trigger').click();
	await page.getByText('OAuth2', { exact: true }).last().click();
	await dialog.getByText('OAuth Redirect URL').waitFor();
	await save('credential-oauth2');
}

/** The fields of the trigger and of every operation, as they are when the node is new. */
async function photographPanels(page: Page, { n8n }: Playground): Promise<void> {
	const folder = join(pictures, 'operations');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder);
	const panels = [
		{ name: 'trigger', type: 'defenderLiveResponseTrigger', parameters: {} },
		...operations().map(({ resource, operation }) => ({
			name: `${resource}-${operation}`,
			type: 'defenderLiveResponse',
			parameters: { resource, operation },
		})),
	];
	const nodes = panels.map(({ type, ...panel }, at) => ({
		...panel,
		id: `${at}`,
		type: `${packageName}.${type}`,
		typeVersion: 1,
		position: [(at % 4) * 240, Math.floor(at / 4) * 200] as [number, number],
		credentials: { [credentialType]: { id: '', name: credentialName } },
	}));
	const id = await n8n.client.saveWorkflow({ name: 'Operations', nodes, connections: {} });
	await page.setViewportSize({ width: 1440, height: 1300 });
	await page.goto('about:blank');
	await page.goto(`${n8n.url}/workflow/${id}`);
	for (const { name } of panels) {
		await page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`).dblclick();
		const panel = page.getByTestId('node-parameters');
		await panel.locator('label.n8n-input-label').nth(1).waitFor();
		await page.waitForTimeout(500);
		const { x, y, width } = (await panel.boundingBox())!;
		const bottoms = await panel
			.locator('button:visible, input:visible, label:visible')
			.evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().bottom));
		const height = Math.max(...bottoms) + roomForHint - y;
		const path = join(folder, `${name}.png`);
		await page.screenshot({ path, clip: { x, y, width, height }, animations: 'disabled' });
		await page.getByTestId('ndv-close-button').click();
		await page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}
	console.log(`  operations: ${panels.length} pictures`);
}

/** Every operation that the editor offers to people: lists for agents hold some of them again. */
function operations(): Array<{ resource: string; operation: string }> {
	const built = join(root, 'dist/nodes/DefenderLiveResponse/DefenderLiveResponse.node.js');
	const { DefenderLiveResponse } = createRequire(import.meta.url)(built) as {
		DefenderLiveResponse: new () => INodeType;
	};
	const lists = new DefenderLiveResponse().description.properties.filter(
		({ name, displayOptions }: INodeProperties) =>
			name === 'operation' && displayOptions?.show?.['@tool'] === undefined,
	);
	return lists.flatMap(({ displayOptions, options = [] }) =>
		options.flatMap((option) =>
			'value' in option
				? [
						{
							resource: String(displayOptions?.show?.resource?.[0]),
							operation: String(option.value),
						},
					]
				: [],
		),
	);
}
