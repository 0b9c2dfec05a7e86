import {
	documentedCloud,
	type CloudSettings,
	type CloudSettingsOptions,
} from './cloudSettings.mts';
import type { RetryAfterForm } from './faults/fault.mts';

/** How many calls one app registration may make; `Infinity` lifts a limit. */
export interface Limits {
	callsPerMinute: number;
	callsPerHour: number;
	/** Calls of `runliveresponse` alone. */
	runsPerMinute: number;
	/** Live response sessions that may be open in the tenant at once. */
	sessions: number;
}

/** Emulated seconds that the steps of a live response take. */
export interface Durations {
	/** From the request until an online device starts the first command. */
	pickup: number;
	putFile: number;
	getFile: number;
	/** For scripts that have no duration of their own. */
	runScript: number;
	/** Between two commands of one session. */
	betweenCommands: number;
	/** From the end of the last command until the action is final. */
	finish: number;
	/** From the cancel call until the status says `Cancelled`. */
	cancel: number;
	/** A script that runs longer fails. */
	scriptTimeout: number;
	/** An action whose device stays offline ends as `TimeOut` after this. */
	queueTimeout: number;
}

/** Emulated seconds during which the API answers 404 for what exists already. */
export interface Lag {
	/** After an action was created. */
	action: number;
	/** After an action succeeded, for the links of its results. */
	link: number;
}

/** What a running emulator reads on every request; tests may change any of it at any time. */
export interface Settings extends CloudSettings {
	limits: Limits;
	/** Length of the "minute" of the limits in emulated seconds; the "hour" is 60 of them. */
	windowSeconds: number;
	/** How the refusals of the rate limits say when to come back. */
	retryAfter: RetryAfterForm;
	/** Real seconds until a result's link stops working. */
	linkLifetimeSeconds: number;
	/** Real seconds until an access token stops working. */
	tokenLifetimeSeconds: number;
	/** Entries of one page of a list. */
	pageSize: number;
	durations: Durations;
	lag: Lag;
}

export type SettingsOptions = Partial<
	Omit<Settings, 'limits' | 'durations' | 'lag' | keyof CloudSettings>
> & {
	limits?: Partial<Limits>;
	durations?: Partial<Durations>;
	lag?: Partial<Lag>;
} & CloudSettingsOptions;

const documented: Settings = {
	limits: { callsPerMinute: 100, callsPerHour: 1500, runsPerMinute: 10, sessions: 50 },
	windowSeconds: 60,
	retryAfter: 'seconds',
	linkLifetimeSeconds: 1800,
	tokenLifetimeSeconds: 3599,
	pageSize: 10_000,
	durations: {
		pickup: 10,
		putFile: 2,
		getFile: 3,
		runScript: 3,
		betweenCommands: 1,
		finish: 8,
		cancel: 2,
		scriptTimeout: 600,
		queueTimeout: 7200,
	},
	lag: { action: 0, link: 0 },
	...documentedCloud,
};

/** The documented limits and usual durations, with what the options change. */
export function settingsFrom(options: SettingsOptions): Settings {
	const settings = structuredClone(documented);
	changeSettings(settings, options);
	return settings;
}

/** Changes settings in place. What is undefined, and what is no setting, is left out. */
export function changeSettings(settings: Settings, change: SettingsOptions): void {
	for (const [name, value] of Object.entries(change)) {
		if (value === undefined || !Object.hasOwn(settings, name)) continue;
		const current = settings[name as keyof Settings];
		if (typeof current === 'object') {
			const defined = Object.entries(value).filter(([, entry]) => entry !== undefined);
			Object.assign(current, Object.fromEntries(defined));
		} else {
			Object.assign(settings, { [name]: value });
		}
	}
}
