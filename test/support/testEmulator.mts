import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.mts';
import type { ProfileName } from '../../emulator/profiles.mts';
import { combinedSettings } from '../../emulator/settings.mts';
import { readSetting } from '../../emulator/settingsByName.mts';
import { sharedAzurite } from './sharedAzurite.mts';

declare global {
	/** Set by the jest project that runs the tests. */
	var emulatorProfile: ProfileName | undefined;
}

/** For the many tests that wait in real time. */
const lagSeconds = 1;

/**
 * Starts a tenant in the profile of the jest project; what the options say wins. Only a test with a clock of its own
 * gets the profile's lags in full: in real time nobody could wait two minutes for every start.
 * The variable EMULATOR_SETTINGS changes single settings, to see what one of them does to the tests:
 * `EMULATOR_SETTINGS='starts.race=both lag.link=4' npx jest --selectProjects integration`.
 */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const ofThisRun = (process.env.EMULATOR_SETTINGS ?? '')
		.split(/\s+/)
		.filter((text) => text !== '');
	return await startEmulator(
		combinedSettings<EmulatorOptions>(
			{
				profile: globalThis.emulatorProfile,
				realLagSeconds: options.clock === undefined ? lagSeconds : undefined,
				azuriteUrl: options.storage === undefined ? sharedAzurite.url() : undefined,
			},
			...ofThisRun.map(readSetting),
			options,
		),
	);
}
