/** What a person does in n8n's editor, in the words of the screen. */
import {
	launchChromium,
	openEditor,
	type Browser,
	type BrowserContext,
	type Locator,
	type Page,
} from '../../playground/browser.mts';
import { liveResponseName } from '../../playground/packageNodes.mts';
import { sharedN8n } from '../e2e/sharedN8n.mts';
import { CredentialDialog } from './credentialDialog.mts';
import { labelsIn } from './labels.mts';

export class Editor {
	readonly page: Page;
	readonly context: BrowserContext;
	readonly #browser: Browser;

	private constructor(browser: Browser, page: Page, context: BrowserContext) {
		this.#browser = browser;
		this.page = page;
		this.context = context;
	}

	static async open(): Promise<Editor> {
		const browser = await launchChromium();
		const view = { colorScheme: 'light', width: 1440, height: 900 } as const;
		try {
			const { page, context } = await openEditor(browser, sharedN8n.url(), view);
			return new Editor(browser, page, context);
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.#browser.close();
	}

	async newWorkflow(): Promise<void> {
		// A page that has unsaved changes would ask before it goes.
		await this.page.goto('about:blank');
		await this.page.goto(`${sharedN8n.url()}/workflow/new`);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto('about:blank');
		await this.page.goto(`${sharedN8n.url()}/workflow/${id}`);
	}

	/** Begins with an entry of what an empty canvas offers. */
	async begin(trigger: string): Promise<void> {
		const panel = this.page.getByTestId('node-creator');
		await this.page.getByTestId('canvas-plus-button').click();
		await panel.getByText(trigger, { exact: true }).click();
		await this.page.getByTestId('canvas-handle-plus').waitFor();
		await panel.waitFor({ state: 'hidden' });
	}

	/** What the node panel offers for these words, best first. */
	async search(words: string): Promise<string[]> {
		const panel = this.page.getByTestId('node-creator');
		if (!(await panel.isVisible())) {
			const behind = this.page.getByTestId('canvas-handle-plus');
			await this.page.getByTestId('canvas-plus-button').or(behind).first().click();
		}
		await panel.locator('input').first().fill(words);
		await panel.getByText(liveResponseName, { exact: true }).first().waitFor();
		const found = panel.getByTestId('item-iterator-item');
		return (await found.allInnerTexts()).map((text) => text.split('\n')[0]);
	}

	/** Finds the node and drops it by one of its actions; the node's panel is open then. */
	async addNode(action: string, node = liveResponseName): Promise<void> {
		const empty = this.page.getByTestId('canvas-plus-button');
		await empty.or(this.page.getByTestId('canvas-handle-plus')).first().waitFor();
		const isEmpty = await empty.isVisible();
		await this.search(node);
		const panel = this.page.getByTestId('node-creator');
		await panel.getByText(node, { exact: true }).first().click();
		// On an empty canvas n8n shows the triggers, and the actions only when asked to.
		if (isEmpty) await panel.getByText(/^Actions \(\d+\)$/).click();
		await panel.getByText(action, { exact: true }).click();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** Finds the trigger the way a workflow begins; its panel is open then. */
	async addTrigger(): Promise<void> {
		await this.search(liveResponseName);
		const panel = this.page.getByTestId('node-creator');
		await panel.getByText(liveResponseName, { exact: true }).first().click();
		await panel.getByText('On live response ended', { exact: true }).click();
		await this.page.getByTestId('ndv').waitFor();
	}

	async openNode(name = liveResponseName): Promise<void> {
		await this.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** The names of the fields that the node's panel shows, from top to bottom. */
	async fields(): Promise<string[]> {
		return await labelsIn(this.page.getByTestId('node-parameters'));
	}

	/** The name, as workflows hold it, of the field that the node's panel shows with that label. */
	async fieldLabelled(label: string): Promise<string> {
		const items = this.page.getByTestId('node-parameters').getByTestId('parameter-item');
		const labels = this.page.locator('label');
		const text = labels.getByText(label, { exact: true });
		const whole = labels.filter({ hasText: new RegExp(`^\\s*${label}\\s*\\*?\\s*$`) });
		const input = items
			.filter({ has: text.or(whole) })
			.last()
			.locator('[data-test-id^=parameter-input-]');
		const id = await input.first().getAttribute('data-test-id');
		return id!.slice('parameter-input-'.length);
	}

	/** The entries of the panel's 'Options'. */
	async options(): Promise<string[]> {
		await this.page.getByTestId('collection-parameter-add').last().click();
		const entries = this.page.locator('[data-test-id=collection-parameter-option]:visible');
		await entries.first().waitFor();
		const texts = await entries.allInnerTexts();
		await this.page.keyboard.press('Escape');
		return texts.map((text) => text.trim());
	}

	/** Chooses from a list box of the node's panel or of the credential's dialog. */
	async choose(field: string, choice: string, within: Locator = this.page.locator('body')) {
		await within.getByTestId(`parameter-input-${field}`).click();
		await this.page
			.locator('[role=option]:visible, [data-test-id=parameter-input-item]:visible')
			.filter({ hasText: new RegExp(`^\\s*${choice}`) })
			.first()
			.click();
	}

	/** What a list box of the node's panel offers. */
	async choices(field: string): Promise<string[]> {
		await this.page.getByTestId(`parameter-input-${field}`).click();
		const choices = this.page.locator('[data-test-id=parameter-input-item]:visible');
		await choices.first().waitFor();
		const texts = await choices.allInnerTexts();
		await this.page.keyboard.press('Escape');
		return texts.map((text) => text.split('\n')[0].trim());
	}

	/** What a field of several lines holds. */
	async text(field: string): Promise<string> {
		return await this.page.getByTestId(`parameter-input-${field}`).locator('textarea').inputValue();
	}

	/** Replaces what a field of several lines holds, as the clipboard does. */
	async paste(field: string, text: string): Promise<void> {
		const area = this.page.getByTestId(`parameter-input-${field}`).locator('textarea');
		await area.click();
		await area.press('ControlOrMeta+A');
		await this.page.keyboard.insertText(text);
	}

	/** Chooses an entry of a resource locator's list. */
	async pick(field: string, entry: string, search?: string): Promise<void> {
		await this.page.getByTestId(`resource-locator-${field}`).getByTestId('rlc-input').click();
		if (search !== undefined)
			await this.page.getByTestId('rlc-search').locator('visible=true').fill(search);
		await this.page.getByTestId('rlc-item').filter({ hasText: entry, visible: true }).click();
	}

	/** Chooses one of the credentials that the node's panel offers. */
	async selectCredential(name: string): Promise<void> {
		await this.page.getByTestId('node-credentials-select').click();
		await this.page
			.locator('[data-test-id^=node-credentials-select-item]:visible')
			.filter({ hasText: name })
			.click();
	}

	/** The dialog of a new credential of a type, from the first page by the names on a tab and a button. */
	async createCredential(tab: string, button: string, type: string): Promise<CredentialDialog> {
		await this.page.goto('about:blank');
		await this.page.goto(`${sharedN8n.url()}/home/workflows`);
		await this.page.getByTestId('project-tabs').getByText(tab, { exact: true }).click();
		// Where there is no credential yet, the empty list has the same button again.
		await this.page.getByRole('button', { name: button, exact: true }).first().click();
		await this.page.getByTestId('new-credential-type-select').locator('input').fill(type);
		await this.page
			.getByTestId('new-credential-type-select-option')
			.getByText(type, { exact: true })
			.click();
		await this.page.getByTestId('new-credential-type-button').click();
		return new CredentialDialog(this, this.page.getByTestId('editCredential-modal'));
	}

	/** The dialog of a new credential, opened from the node's panel. */
	async newCredential(kind: 'App Registration' | 'OAuth2'): Promise<CredentialDialog> {
		const first = this.page.getByRole('button', { name: 'Connect to Defender Live Response' });
		const list = this.page.getByTestId('node-credentials-select');
		await first.or(list).waitFor();
		if (await first.isVisible()) {
			await first.click();
		} else {
			await list.click();
			await this.page.getByTestId('node-credentials-select-item-new').click();
		}
		const dialog = this.page.getByTestId('editCredential-modal');
		const way = dialog.getByTestId('credential-mode-dropdown-trigger');
		if ((await way.innerText()).trim() !== kind) {
			await way.click();
			await this.page.getByText(kind, { exact: true }).last().click();
		}
		return new CredentialDialog(this, dialog);
	}

	/** Presses the panel's button, which has that name, and waits until there is an outcome. */
	async execute(name = ''): Promise<Locator> {
		const button = this.page.getByTestId('node-execute-button').filter({ hasText: name });
		await button.click();
		await this.page
			.locator('[data-test-id=node-execute-button]:not([disabled])')
			.waitFor({ timeout: 120_000 });
		return this.page.getByTestId('output-panel');
	}

	/** The output as a table: column to value of the first item. */
	async firstItem(): Promise<Record<string, string>> {
		const output = this.page.getByTestId('output-panel');
		await output.getByText('Table', { exact: true }).click();
		const heads = await output.locator('table th').allInnerTexts();
		const cells = await output.locator('table tbody tr').first().locator('td').allInnerTexts();
		return Object.fromEntries(heads.map((head, at) => [head.trim(), (cells[at] ?? '').trim()]));
	}
}
