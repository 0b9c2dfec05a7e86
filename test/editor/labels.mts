import type { Locator } from '../../playground/browser.mts';

/** The names of the fields that a part of the page shows, from top to bottom. */
export async function labelsIn(part: Locator): Promise<string[]> {
	const labels = part.locator('label.n8n-input-label').filter({ visible: true });
	return (await labels.allInnerTexts()).map((text) =>
		text
			.split('\n')[0]
			.replace(/\s*\*\s*$/, '')
			.trim(),
	);
}
