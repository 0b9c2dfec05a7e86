import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.mts';
import { installPackage, packPackage } from './communityPackage.mts';
import { startN8n, type N8n, type N8nOptions } from './n8n/n8n.mts';

export const credentialType = 'defenderLiveResponseApi';

/** The name that the workflows of the playground use for the credential. */
export const credentialName = 'Contoso (emulator)';

export interface PlaygroundOptions extends N8nOptions {
	readonly emulator?: EmulatorOptions;
	/** Told what takes long, when it begins. */
	readonly onProgress?: (doing: string) => void;
}

/** n8n with the package installed, beside an emulated Defender tenant its credential reaches. */
export interface Playground {
	readonly emulator: Emulator;
	readonly n8n: N8n;
	/** Ends n8n and the emulator with everything they started. */
	stop(): Promise<void>;
}

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
	const { emulator: emulatorOptions, onProgress = () => undefined, ...n8nOptions } = options;
	const tarball = await packPackage(() => onProgress('building the package'));
	await installPackage(tarball, options.userFolder);

	onProgress('starting the Defender emulator');
	const emulator = await startEmulator(emulatorOptions);
	try {
		onProgress('starting n8n');
		const n8n = await startN8n(n8nOptions);
		const stop = async () => {
			await n8n.stop();
			await emulator.stop();
		};
		try {
			await n8n.workbench.saveCredential(credentialType, credentialName, {
				...emulator.credential,
			});
		} catch (error) {
			await n8n.stop();
			throw error;
		}
		return { emulator, n8n, stop };
	} catch (error) {
		await emulator.stop();
		throw error;
	}
}
