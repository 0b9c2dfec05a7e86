/** An alert, the node that runs a script on the device it names, and the item: in light and in dark. */
import { alert } from '../demoWorkflow.mts';
import { readExample } from '../examples.mts';
import type { Page } from '../browser.mts';
import type { Playground } from '../playground.mts';
import { frameOf, type Album } from './album.mts';
import { load } from './navigation.mts';
import { hero, inDark } from './pictureNames.mts';

export async function photographHero(
	page: Page,
	{ n8n, emulator }: Playground,
	album: Album,
): Promise<void> {
	emulator.configure({ scripts: { allowsUnsigned: true } });
	const workflow = readExample('alert-to-ticket');
	const webhook = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
	const script = workflow.nodes.find(({ parameters }) => parameters.operation === 'runScript');
	if (webhook === undefined || script === undefined) throw new Error('The example has changed');
	const pinData = { [webhook.name]: [{ json: { body: alert } }] };
	await page.setViewportSize({ width: 1440, height: 900 });
	const id = await n8n.client.saveWorkflow({ ...workflow, pinData });
	await load(page, `${n8n.url}/workflow/${id}`);
	await page.locator(`[data-test-id=canvas-node][data-node-name="${script.name}"]`).dblclick();
	await page.getByTestId('node-execute-button').click();
	const output = page.getByTestId('output-panel');
	await output.getByText('suspiciousProcesses').first().waitFor();
	for (const side of [page.getByTestId('ndv-input-panel'), output]) {
		await side.getByText('JSON', { exact: true }).click();
	}
	await output.getByText('exit_code').first().waitFor();
	const panels = page.getByTestId('ndv');
	await page.mouse.move(0, 0);
	await album.take(hero, page, await frameOf(panels));
	await page.emulateMedia({ colorScheme: 'dark' });
	await album.take(inDark(hero), page, await frameOf(panels));
	await page.emulateMedia({ colorScheme: 'light' });
}
