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

/** How a window shows a page. */
export interface View {
	readonly colorScheme: 'light' | 'dark';
	/** In CSS pixels. */
	readonly width: number;
	readonly height: number;
	/** Pixels of a screenshot for a CSS pixel; default 1. */
	readonly scale?: number;
}

/** A page of n8n's editor, signed in as the owner. */
export async function openEditor(
	browser: Browser,
	n8nUrl: string,
	{ colorScheme, width, height, scale = 1 }: View,
): Promise<{ page: Page; context: BrowserContext }> {
	const context = await browser.newContext({
		viewport: { width, height },
		colorScheme,
		deviceScaleFactor: scale,
	});
	const page = await context.newPage();
	page.setDefaultTimeout(120_000);
	await page.request.post(`${n8nUrl}/rest/login`, {
		data: { emailOrLdapLoginId: owner.email, password: owner.password },
	});
	return { page, context };
}
