/** The dialog of a credential in n8n's editor. */
import type { Locator } from '../../playground/browser.mts';
import type { Editor } from './editor.mts';
import { labelsIn } from './labels.mts';

export class CredentialDialog {
	readonly dialog: Locator;
	readonly #editor: Editor;

	constructor(editor: Editor, dialog: Locator) {
		this.#editor = editor;
		this.dialog = dialog;
	}

	/** Fields for a custom cloud, as a person types them. */
	async fill(values: object): Promise<void> {
		await this.#editor.choose('cloud', 'Custom', this.dialog);
		const typed = [
			'loginUrl',
			'apiUrl',
			'resource',
			'downloadHosts',
			'tenantId',
			'clientId',
			'clientSecret',
		];
		for (const [name, value] of Object.entries(values)) {
			if (!typed.includes(name)) continue;
			await this.dialog.getByTestId(`parameter-input-${name}`).locator('input').fill(String(value));
		}
	}

	/** Gives the credential a name of its own. */
	async rename(name: string): Promise<void> {
		await this.dialog.getByTestId('credential-name').click();
		await this.#editor.page.keyboard.press('ControlOrMeta+A');
		await this.#editor.page.keyboard.type(name);
		await this.#editor.page.keyboard.press('Enter');
	}

	async fields(): Promise<string[]> {
		return await labelsIn(this.dialog);
	}

	/** Saves, which runs the credential's test; with good values the dialog closes. */
	async save(button = 'Save'): Promise<void> {
		await this.dialog.getByTestId('credential-save-button').filter({ hasText: button }).click();
	}

	/** What the dialog says when the test did not succeed. */
	async refusal(): Promise<string> {
		await this.dialog.getByText('More details').click();
		return await this.dialog.innerText();
	}

	/** Presses Connect, which opens the sign-in in a window of its own, and waits until it is done. */
	async connect(): Promise<void> {
		await this.dialog.getByTestId('quick-connect-button').click();
		await this.dialog.waitFor({ state: 'hidden' });
	}
}
