import { startAzurite, type Azurite } from '../../emulator/results/azurite.mts';

const urlVariable = 'SHARED_AZURITE_URL';

declare global {
	var sharedAzuriteProcess: Azurite | undefined;
}

/**
 * One Azurite for all tests of a run of jest: each emulator has a folder of its own in it. Jest's set-up, its tear-down
 * and the tests have nothing in common but the global object or the environment.
 */
export const sharedAzurite = {
	/** Undefined where no set-up has started it. */
	url: (): string | undefined => process.env[urlVariable],
	start: async (): Promise<void> => {
		globalThis.sharedAzuriteProcess ??= await startAzurite('memory');
		process.env[urlVariable] = globalThis.sharedAzuriteProcess.url;
	},
	stop: async (): Promise<void> => {
		await globalThis.sharedAzuriteProcess?.stop();
		globalThis.sharedAzuriteProcess = undefined;
	},
};
