import type { Device } from './device.mts';

/** What a script does on a device. */
export interface ScriptOutcome {
	/** Default 0. */
	exitCode?: number;
	/** Standard output; on Windows the transcript line is put before it. */
	output?: string;
	/** Standard error. */
	errors?: string;
	/** Emulated seconds; default: the setting `durations.runScript`. */
	durationSeconds?: number;
	/** The whole result file as it is, in place of a transcript. */
	raw?: Buffer;
	/** The command ends as Failed with this text and there is no result file. */
	fails?: string;
}

export interface ScriptRun {
	device: Device;
	/** The value of `Args`, or an empty string. */
	args: string;
}

/** An outcome, or how to find it for a device and arguments. */
export type ScriptBehaviour = ScriptOutcome | ((run: ScriptRun) => ScriptOutcome);

export function outcomeOf(behaviour: ScriptBehaviour, run: ScriptRun): ScriptOutcome {
	return typeof behaviour === 'function' ? behaviour(run) : behaviour;
}
