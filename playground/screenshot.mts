/**
 * `node playground/run.mjs screenshot`: takes the pictures of the documentation from n8n's editor with
 * Chromium. It fails when one of them cannot be made; what is no picture of the documentation is removed.
 */
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INodeProperties, INodeType } from 'n8n-workflow';

import { launchChromium, openEditor } from './browser.mts';
import { saveExampleCredentials } from './exampleCredentials.mts';
import { root, workFolder } from './folders.mts';
import { Album } from './pictures/album.mts';
import { photographCanvases } from './pictures/canvases.mts';
import { photographCredentialForms } from './pictures/credentialForms.mts';
import { photographHero } from './pictures/hero.mts';
import { photographPanels } from './pictures/panels.mts';
import { offeredOperations, pictureNames } from './pictures/pictureNames.mts';
import { photographQuickStart } from './pictures/quickStart.mts';
import { startPlayground } from './playground.mts';
import { endWith } from './userFacingError.cjs';

try {
	const userFolder = join(workFolder, 'screenshot');
	rmSync(userFolder, { recursive: true, force: true });
	const browser = await launchChromium();
	try {
		const playground = await startPlayground({
			userFolder,
			emulator: { timeScale: 20 },
			onProgress: (doing) => console.log(`  ${doing} ...`),
		});
		try {
			await saveExampleCredentials(playground.n8n.client, playground.services);
			const properties = builtProperties();
			const album = new Album(join(root, 'docs/images'), pictureNames(properties));
			const { page } = await openEditor(browser, playground.n8n.url, {
				colorScheme: 'light',
				width: 1440,
				height: 900,
				scale: 2,
			});
			const runScript = offeredOperations(properties).find(
				({ operation }) => operation === 'runScript',
			)!;
			await photographQuickStart(page, playground, album, runScript.action);
			await photographCredentialForms(page, album);
			await photographCanvases(page, playground, album);
			await photographHero(page, playground, album);
			await photographPanels(page, playground, album, properties);
			album.finish();
		} finally {
			await playground.stop();
		}
	} finally {
		await browser.close();
	}
} catch (error) {
	endWith(error);
}

/** The node's fields, of the build that n8n has installed. */
function builtProperties(): INodeProperties[] {
	const built = join(root, 'dist/nodes/DefenderLiveResponse/DefenderLiveResponse.node.js');
	const { DefenderLiveResponse } = createRequire(import.meta.url)(built) as {
		DefenderLiveResponse: new () => INodeType;
	};
	return new DefenderLiveResponse().description.properties;
}
