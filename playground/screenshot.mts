/** `node playground/screenshot.mjs`: takes the pictures of the README from n8n's editor with Chromium. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, selectors, type Page } from 'playwright-core';

import { parseTranscripts, resultNode } from './demoWorkflow.mts';
import { root, workFolder } from './folders.mts';
import { owner } from './n8n/session.mts';
import { startPlayground } from './playground.mts';

const pictures = join(root, 'docs/images');
const size = { width: 1440, height: 880 };

const browserFile = findChromium();
if (browserFile === undefined) {
	console.error(
		'Chromium was not found: install it (Debian: apt-get install chromium) and run again.',
	);
	process.exit(1);
}

const userFolder = join(workFolder, 'screenshot');
rmSync(userFolder, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const playground = await startPlayground({
	userFolder,
	onProgress: (doing) => console.log(`  ${doing} ...`),
});
try {
	const { workbench, url } = playground.n8n;
	const workflowId = await workbench.saveWorkflow(parseTranscripts());
	selectors.setTestIdAttribute('data-test-id');
	const browser = await chromium.launch({ executablePath: browserFile, args: ['--no-sandbox'] });
	try {
		const page = await browser.newPage({ viewport: size, colorScheme: 'light' });
		page.setDefaultTimeout(60_000);
		await signIn(page, url);
		await photograph(page, `${url}/workflow/${workflowId}`);
	} finally {
		await browser.close();
	}
} finally {
	await playground.stop();
}

async function signIn(page: Page, url: string): Promise<void> {
	await page.request.post(`${url}/rest/login`, {
		data: { emailOrLdapLoginId: owner.email, password: owner.password },
	});
}

/** The workflow with its items, and the node with its parameters. */
async function photograph(page: Page, workflowUrl: string): Promise<void> {
	await page.goto(workflowUrl);
	await page.getByTestId('execute-workflow-button').click();
	const notice = page.getByText('Workflow executed successfully');
	await notice.waitFor();
	await notice.waitFor({ state: 'hidden' });

	await page.getByTestId('logs-overview-header').click();
	await page.getByTestId('log-details-output').getByText('minidump.ps1').waitFor();
	await page.screenshot({ path: join(pictures, 'workflow.png') });

	await page.locator(`[data-test-id=canvas-node][data-node-name="${resultNode}"]`).dblclick();
	await page.getByTestId('output-panel').getByText('minidump.ps1').waitFor();
	await page.screenshot({ path: join(pictures, 'node.png') });
}

function findChromium(): string | undefined {
	const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
	return (process.env.PATH ?? '')
		.split(delimiter)
		.flatMap((folder) => names.map((name) => join(folder, name)))
		.find((file) => existsSync(file));
}
