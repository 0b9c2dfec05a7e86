/** The forms of both credentials, as people meet them on the way to their first result. */
import type { Page } from '../browser.mts';
import { frameOf, type Album } from './album.mts';
import { credentialForms } from './pictureNames.mts';

/** What people copy from the pages of Microsoft Entra, and the secret, which is never shown. */
const copied = {
	tenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47',
	clientId: '11112222-bbbb-3333-cccc-4444dddd5555',
	clientSecret: 'x'.repeat(40),
};

/** @param page has the panel of a node open */
export async function photographCredentialForms(page: Page, album: Album): Promise<void> {
	await page.setViewportSize({ width: 1440, height: 900 });
	await page.getByTestId('node-credentials-select').click();
	await page.getByTestId('node-credentials-select-item-new').click();
	const dialog = page.getByTestId('editCredential-modal');
	const fill = async () => {
		for (const [name, value] of Object.entries(copied)) {
			await dialog.getByTestId(`parameter-input-${name}`).locator('input').fill(value);
		}
		await dialog.getByText('Setup credential').scrollIntoViewIfNeeded();
	};
	await fill();
	await dialog.getByTestId('credential-name').click();
	await page.keyboard.press('ControlOrMeta+A');
	await page.keyboard.type('Contoso');
	await page.keyboard.press('Enter');
	await album.take(credentialForms.appRegistration, page, await frameOf(dialog));

	await dialog.getByTestId('credential-mode-dropdown-trigger').click();
	await page.getByText('OAuth2', { exact: true }).last().click();
	await dialog.getByText('OAuth Redirect URL').waitFor();
	await fill();
	await album.take(credentialForms.oAuth2, page, await frameOf(dialog));
}
