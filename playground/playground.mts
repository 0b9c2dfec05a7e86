import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.mts';
import { installPackage, packPackage } from './communityPackage.mts';
import { startFakeServices, type FakeServices } from './fakeServices.mts';
import { startN8n, type N8n, type N8nOptions } from './n8n/n8n.mts';
import { credentialName, credentialType } from './packageNodes.mts';

export interface PlaygroundOptions extends N8nOptions {
	readonly emulator?: EmulatorOptions;
	/** Told what takes long, when it begins. */
	readonly onProgress?: (doing: string) => void;
}

/** n8n with the package installed, beside an emulated Defender tenant its credential reaches. */
export interface Playground {
	readonly emulator: Emulator;
	/** Where workflows send tickets and messages. */
	readonly services: FakeServices;
	readonly n8n: N8n;
	/** Ends n8n, the services and the emulator with everything they started. */
	stop(): Promise<void>;
}

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
	const { emulator: emulatorOptions, onProgress = () => undefined, ...n8nOptions } = options;
	const tarball = await packPackage(() => onProgress('building the package'));
	await installPackage(tarball, options.userFolder);

	onProgress('starting the Defender emulator');
	const stops: Array<() => Promise<void>> = [];
	const stop = async () => {
		for (const end of stops.splice(0).reverse()) await end();
	};
	try {
		const emulator = await startEmulator(emulatorOptions);
		stops.push(emulator.stop);
		const services = await startFakeServices();
		stops.push(services.stop);
		onProgress('starting n8n');
		const n8n = await startN8n(n8nOptions);
		stops.push(n8n.stop);
		await n8n.client.saveCredential(credentialType, credentialName, { ...emulator.credential });
		return { emulator, services, n8n, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
