import { chromium, selectors, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { findChromium } from './chromium.mts';
import { owner } from './n8n/session.mts';
import { UserFacingError } from './userFacingError.cjs';

export type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

selectors.setTestIdAttribute('data-test-id');

/** Nothing but this machine can be reached. */
const loopbackOnly = [
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export async function launchChromium(): Promise<Browser> {
	const executablePath = findChromium();
	if (executablePath === undefined) {
		throw new UserFacingError(
			'Chromium was not found: install it (Debian: apt-get install chromium) and run again.',
		);
	}
	return await chromium.launch({ executablePath, args: loopbackOnly });
}

/** A page of n8n's editor, signed in as the owner. */
export async function openEditor(
	browser: Browser,
	n8nUrl: string,
	options: { colorScheme: 'light' | 'dark'; width: number; height: number },
): Promise<{ page: Page; context: BrowserContext }> {
	const { colorScheme, ...viewport } = options;
	const context = await browser.newContext({ viewport, colorScheme });
	const page = await context.newPage();
	page.setDefaultTimeout(120_000);
	await page.request.post(`${n8nUrl}/rest/login`, {
		data: { emailOrLdapLoginId: owner.email, password: owner.password },
	});
	return { page, context };
}
