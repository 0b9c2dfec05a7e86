/** What a person does in n8n's editor, in the words of the screen. */
import {
	launchChromium,
	openEditor,
	type Browser,
	type BrowserContext,
	type Locator,
	type Page,
} from '../../playground/browser.mts';
import { startEmulator, type Emulator } from '../../emulator/emulator.mts';
import { sharedN8n } from '../e2e/sharedN8n.mts';

const node = 'Defender Live Response';

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
		const { page, context } = await openEditor(browser, sharedN8n.url(), view);
		return new Editor(browser, page, context);
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

	/** What the node panel offers for these words, best first. */
	async search(words: string): Promise<string[]> {
		const panel = this.page.getByTestId('node-creator');
		if (!(await panel.isVisible())) await this.page.getByTestId('canvas-plus-button').click();
		await panel.locator('input').first().fill(words);
		await panel.getByText(node, { exact: true }).first().waitFor();
		const found = panel.getByTestId('item-iterator-item');
		return (await found.allInnerTexts()).map((text) => text.split('\n')[0]);
	}

	/** Finds the node and drops it by one of its actions; the node's panel is open then. */
	async addNode(action: string): Promise<void> {
		await this.search(node);
		const panel = this.page.getByTestId('node-creator');
		await panel.getByText(node, { exact: true }).first().click();
		await panel.getByText(/^Actions \(\d+\)$/).click();
		await panel.getByText(action, { exact: true }).click();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** Finds the trigger the way a workflow begins; its panel is open then. */
	async addTrigger(): Promise<void> {
		await this.search(node);
		const panel = this.page.getByTestId('node-creator');
		await panel.getByText(node, { exact: true }).first().click();
		await panel.getByText('On live response ended', { exact: true }).click();
		await this.page.getByTestId('ndv').waitFor();
	}

	async openNode(name = node): Promise<void> {
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

	/** Presses 'Execute step' and waits until there is an outcome. */
	async execute(): Promise<Locator> {
		const button = this.page.getByTestId('node-execute-button');
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

	async fields(): Promise<string[]> {
		return await labelsIn(this.dialog);
	}

	/** Saves, which runs the credential's test; with good values the dialog closes. */
	async save(): Promise<void> {
		await this.dialog.getByTestId('credential-save-button').click();
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

async function labelsIn(part: Locator): Promise<string[]> {
	const labels = part.locator('label.n8n-input-label').filter({ visible: true });
	return (await labels.allInnerTexts()).map((text) =>
		text
			.split('\n')[0]
			.replace(/\s*\*\s*$/, '')
			.trim(),
	);
}

/**
 * One editor, and a tenant in which half a minute passes in a second, for all tests of a file.
 * @param onStart is told before the first test
 */
export function shareEditor(onStart: (editor: Editor, emulator: Emulator) => void): void {
	let editor: Editor | undefined;
	let emulator: Emulator | undefined;

	beforeAll(async () => {
		emulator = await startEmulator({ timeScale: 30 });
		editor = await Editor.open();
		onStart(editor, emulator);
	});

	afterAll(async () => {
		await editor?.close();
		await emulator?.stop();
	});
}
