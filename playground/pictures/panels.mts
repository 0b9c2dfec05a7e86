/** The fields of the trigger and of every operation, filled, with the list of options open. */
import type { INode, INodeProperties } from 'n8n-workflow';

import type { Page } from '../browser.mts';
import { packageName } from '../communityPackage.mts';
import { credentialName, signedInBy } from '../packageNodes.mts';
import type { Playground } from '../playground.mts';
import { load } from './navigation.mts';
import { frameDownTo, type Album } from './album.mts';
import { panelValues, triggerValues } from './panelValues.mts';
import { offeredOperations, panelOf, triggerPanel } from './pictureNames.mts';

/** Pixels for the line below the last field, or for the end of the list. */
const roomBelow = 32;

/** A list is as long as it has entries. */
const wholeLists = '.el-select-dropdown__wrap { max-height: none !important; }';

export async function photographPanels(
	page: Page,
	{ n8n }: Playground,
	album: Album,
	properties: readonly INodeProperties[],
): Promise<void> {
	const panels = [
		{ name: triggerPanel, type: 'defenderLiveResponseTrigger', parameters: triggerValues },
		...offeredOperations(properties).map((offered) => ({
			name: panelOf(offered),
			type: 'defenderLiveResponse',
			parameters: panelValues(properties, offered.resource, offered.operation),
		})),
	];
	const nodes = panels.map(({ type, ...panel }, at): INode => ({
		...panel,
		id: `${at}`,
		type: `${packageName}.${type}`,
		typeVersion: 1,
		position: [(at % 6) * 240, Math.floor(at / 6) * 200],
		...signedInBy(credentialName),
	}));
	const id = await n8n.client.saveWorkflow({ name: 'Incident 4711', nodes, connections: {} });
	// High enough for the longest panel with its list below it.
	await page.setViewportSize({ width: 1280, height: 2000 });
	await load(page, `${n8n.url}/workflow/${id}`);
	await page.addStyleTag({ content: wholeLists });
	for (const { name } of panels) await photographPanel(page, album, name);
}

async function photographPanel(page: Page, album: Album, name: string): Promise<void> {
	await page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`).dblclick();
	const panel = page.getByTestId('node-parameters');
	const addOption = panel.getByTestId('collection-parameter-add').last();
	await addOption.waitFor();
	const entries = page.locator('[data-test-id=collection-parameter-option]:visible');
	await addOption.click();
	// Where there is one option alone, n8n adds it without a list, and nothing is left to add.
	const hasList = await Promise.race([
		entries
			.first()
			.waitFor()
			.then(() => true),
		addOption.waitFor({ state: 'hidden' }).then(() => false),
	]);
	await page.mouse.move(0, 0);
	await page.waitForTimeout(300);
	const parts = panel.locator('button:visible, input:visible, label:visible').or(entries);
	await album.take(name, page, await frameDownTo(panel, parts, roomBelow));
	if (hasList) await page.keyboard.press('Escape');
	await page.getByTestId('ndv-close-button').click();
	await page.getByTestId('ndv').waitFor({ state: 'hidden' });
}
