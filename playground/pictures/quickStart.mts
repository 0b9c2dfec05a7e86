/** The way to a first result, from the empty workflow to the item. */
import type { Locator, Page } from '../browser.mts';
import { liveResponseName } from '../packageNodes.mts';
import type { Playground } from '../playground.mts';
import { frameOf, type Album, type Frame } from './album.mts';
import { load } from './navigation.mts';
import { quickStart } from './pictureNames.mts';

/** All four have the same form, so that they stand beside each other. */
const heightForWidth = 1.3;
/** CSS pixels at the left of the node creator, where n8n marks the entry that the keyboard would take. */
const mark = 6;

/** From the top of a part of the page, or from further down. */
async function frameFrom(part: Locator, from: Locator = part, left = 0): Promise<Frame> {
	const { x, width: whole } = await frameOf(part);
	const { y } = await frameOf(from);
	const width = whole - left;
	return { x: x + left, y, width, height: width * heightForWidth };
}

/** @param action the words of Run Script in the list of the node's actions */
export async function photographQuickStart(
	page: Page,
	{ n8n }: Playground,
	album: Album,
	action: string,
): Promise<void> {
	await page.setViewportSize({ width: 1440, height: 800 });
	await load(page, `${n8n.url}/workflow/new`);
	await page.getByTestId('canvas-plus-button').click();
	const creator = page.getByTestId('node-creator');
	await creator.getByText('Trigger manually', { exact: true }).click();
	await page.getByTestId('canvas-handle-plus').click();
	await creator.locator('input').first().fill('defender');
	await creator.getByText(liveResponseName, { exact: true }).first().click();
	// n8n shows the actions by itself where the workflow has a trigger.
	const entry = creator.getByText(action, { exact: true });
	await entry.evaluate((shown) => shown.scrollIntoView({ block: 'center' }));
	await album.take(quickStart.addNode, page, await frameFrom(creator, creator, mark));

	await entry.click();
	// Lists open downwards where there is room for them.
	await page.setViewportSize({ width: 1440, height: 1200 });
	const panel = page.getByTestId('node-parameters');
	const field = (name: string) =>
		panel
			.getByTestId('parameter-item')
			.filter({ has: page.getByTestId(`parameter-input-${name}`) })
			.last();
	const list = async (name: string) => {
		await page.getByTestId(`resource-locator-${name}`).getByTestId('rlc-input').click();
		return page.getByTestId('rlc-item').filter({ visible: true });
	};
	const devices = await list('machineId');
	const device = devices.filter({ hasText: 'pc-fin-014.contoso.example' });
	await device.hover();
	await album.take(quickStart.chooseDevice, page, await frameFrom(panel, field('operation')));

	await device.click();
	const script = (await list('scriptName')).filter({ hasText: 'triage.ps1' });
	await script.hover();
	await album.take(quickStart.chooseScript, page, await frameFrom(panel, field('machineId')));

	await script.click();
	await page.getByTestId('node-execute-button').click();
	const output = page.getByTestId('output-panel');
	await output.getByText('suspiciousProcesses').waitFor();
	await output.getByText('JSON', { exact: true }).click();
	await output.getByText('exit_code').first().waitFor();
	await album.take(quickStart.result, page, await frameFrom(output));
}
