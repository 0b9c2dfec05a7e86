/** One editor and one tenant for all tests of a file. */
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.mts';
import { Editor } from './editor.mts';

export let editor: Editor;
export let emulator: Emulator;

/** What a person does takes its time, and n8n answers each click. */
const longestTestMs = 600_000;

/** By default half a minute of the tenant passes in a second. */
export function shareEditor(options: EmulatorOptions = { timeScale: 30 }): void {
	jest.setTimeout(longestTestMs);
	beforeAll(async () => {
		emulator = await startEmulator(options);
		editor = await Editor.open();
	});
	afterAll(async () => {
		await editor?.close();
		await emulator?.stop();
	});
}
