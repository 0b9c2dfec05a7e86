/** Each example as it lies on the canvas. */
import type { Page } from '../browser.mts';
import { exampleNames, readExample } from '../examples.mts';
import type { Playground } from '../playground.mts';
import type { Album, Frame } from './album.mts';
import { load } from './navigation.mts';
import { canvasOf } from './pictureNames.mts';

/** CSS pixels around the nodes, whose names stand below them. */
const margin = 40;
const onCanvas = '.vue-flow__node';

export async function photographCanvases(
	page: Page,
	{ n8n }: Playground,
	album: Album,
): Promise<void> {
	await page.setViewportSize({ width: 1440, height: 900 });
	for (const example of exampleNames()) {
		const workflow = readExample(example);
		const id = await n8n.client.saveWorkflow(workflow);
		await load(page, `${n8n.url}/workflow/${id}`);
		const last = workflow.nodes.length - 1;
		await page.locator(onCanvas).nth(last).waitFor();
		await page.getByTestId('zoom-to-fit').click();
		await page.waitForTimeout(500);
		await album.take(canvasOf(example), page, await frameOfNodes(page));
	}
}

/** What the nodes and notes of the canvas take up. */
async function frameOfNodes(page: Page): Promise<Frame> {
	const boxes = await page.locator(onCanvas).evaluateAll((nodes) =>
		nodes.map((node) => {
			const { left, top, right, bottom } = node.getBoundingClientRect();
			return { left, top, right, bottom };
		}),
	);
	const x = Math.min(...boxes.map(({ left }) => left)) - margin;
	const y = Math.min(...boxes.map(({ top }) => top)) - margin;
	const right = Math.max(...boxes.map((box) => box.right)) + margin;
	const bottom = Math.max(...boxes.map((box) => box.bottom)) + margin;
	return { x, y, width: right - x, height: bottom - y };
}
