import type { Page } from '../browser.mts';

/** Loads a page of the editor, and leaves what is open without being asked about changes. */
export async function load(page: Page, url: string): Promise<void> {
	await page.goto('about:blank');
	await page.goto(url);
}
