import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.mts';
import { profiles, type ProfileName } from '../../emulator/profiles.mts';
import { combinedSettings, type Lag } from '../../emulator/settings.mts';
import { readSetting } from '../../emulator/settingsByName.mts';

declare global {
	/** Set by the jest project that runs the tests. */
	var emulatorProfile: ProfileName | undefined;
}

/** Real seconds that a lag may take in tests which wait in real time. */
const longestWaitSeconds = 1;

/**
 * Starts a tenant in the profile of the jest project; what the options say wins. Only a test with a clock of its own
 * gets the profile's lags in full: in real time nobody could wait two minutes for every start.
 * The variable EMULATOR_SETTINGS changes single settings, to see what one of them does to the tests:
 * `EMULATOR_SETTINGS='starts.race=both lag.link=4' npx jest --selectProjects integration`.
 */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const profile = globalThis.emulatorProfile ?? 'plain';
	const { lag = {} } = profiles[profile];
	const ofThisRun = (process.env.EMULATOR_SETTINGS ?? '')
		.split(/\s+/)
		.filter((text) => text !== '');
	return await startEmulator(
		combinedSettings<EmulatorOptions>(
			{
				profile,
				lag: options.clock === undefined ? shortened(lag, options.timeScale ?? 1) : lag,
			},
			...ofThisRun.map(readSetting),
			options,
		),
	);
}

function shortened(lag: Partial<Lag>, timeScale: number): Partial<Lag> {
	const longest = longestWaitSeconds * timeScale;
	return Object.fromEntries(
		Object.entries(lag).map(([name, seconds]) => [name, Math.min(seconds, longest)]),
	);
}

/**
 * `it` for a test that fails under the harsh profile, for a reason that later work removes: there it is expected to
 * fail, so that nobody forgets to take the mark away.
 */
export function failsUnderHarsh(_reason: string): jest.It | jest.It['failing'] {
	return globalThis.emulatorProfile === 'harsh' ? it.failing : it;
}
