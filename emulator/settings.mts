import { documentedCloud, type CloudSettings } from './cloudSettings.mts';
import type { RetryAfterForm } from './faults/fault.mts';
import type { Endings, Lists, MissingResult, Starts, Throttling } from './openFacts.mts';
import { profiles, type ProfileName } from './profiles.mts';

/** How many calls one app registration may make; `Infinity` lifts a limit. */
export interface Limits {
	callsPerMinute: number;
	callsPerHour: number;
	/** Calls of `runliveresponse` alone. */
	runsPerMinute: number;
	/** Uploads to the library alone; public code saw about six a minute pass, no page has a number. */
	uploadsPerMinute: number;
	/** Links to investigation packages alone. */
	packageLinksPerMinute: number;
	packageLinksPerHour: number;
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

/** Emulated seconds during which the API does not show what exists already. */
export interface Lag {
	/** After an action was created, until it can be read, cancelled and listed. Up to two minutes in public code. */
	action: number;
	/** After an action was created, until lists have it; never shorter than `action`. */
	list: number;
	/** After an action ended, for the links of its results. Public code waits up to five seconds. */
	link: number;
}

/** Advanced features of the Defender portal that decide about scripts. */
export interface ScriptSettings {
	/** 'Live Response unsigned script execution': whether PowerShell scripts run that are not signed. */
	allowsUnsigned: boolean;
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
	missingResult: MissingResult;
	lists: Lists;
	throttling: Throttling;
	starts: Starts;
	endings: Endings;
	scripts: ScriptSettings;
}

/** Any of the settings; of a group, any of its members. */
export type SettingsOptions = {
	[Name in keyof Settings]?: Settings[Name] extends object
		? Partial<Settings[Name]>
		: Settings[Name];
};

/** The documented limits, usual durations, and of open facts the answer that the facts suggest. */
export const plainSettings: Readonly<Settings> = {
	limits: {
		callsPerMinute: 100,
		callsPerHour: 1500,
		runsPerMinute: 10,
		uploadsPerMinute: Infinity,
		packageLinksPerMinute: 2,
		packageLinksPerHour: 120,
		sessions: 50,
	},
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
	lag: { action: 0, list: 0, link: 0 },
	missingResult: {
		running: 'notFound',
		putFile: 'notFound',
		wrongIndex: 'notFound',
		failedScript: 'notFound',
		package: 'notFound',
	},
	lists: {
		order: 'newestFirst',
		takesOrderBy: true,
		takesCount: true,
		takesContains: true,
		takesIn: true,
		maxFilterNodes: Infinity,
		nextLinks: 'whole',
	},
	throttling: {
		window: 'sliding',
		countsRefused: false,
		body: 'general',
		pendingTakesSession: false,
	},
	starts: { race: 'refused', raceSeconds: 1, busyAction: 'named' },
	endings: { timeOutCommand: 'Created', cancelComesLate: false, cancelTakesAll: false },
	scripts: { allowsUnsigned: false },
	...documentedCloud,
};

/** What settings start from. */
export interface ProfileOptions {
	/** Other options win over it. Default `plain`. */
	profile?: ProfileName;
	/** Real seconds that each lag of the profile takes instead of its own; what does not lag stays without. */
	realLagSeconds?: number;
}

/** The settings of a profile, with what the options change. `timeScale` is emulated seconds in a real one; default 1. */
export function settingsFrom(
	options: SettingsOptions & ProfileOptions & { timeScale?: number },
): Settings {
	const { profile = 'plain', realLagSeconds, timeScale = 1 } = options;
	const settings = structuredClone(plainSettings);
	changeSettings(settings, profiles[profile]);
	if (realLagSeconds !== undefined) {
		const lagging = Object.entries(settings.lag).filter(([, seconds]) => seconds > 0);
		const seconds = realLagSeconds * timeScale;
		changeSettings(settings, { lag: Object.fromEntries(lagging.map(([name]) => [name, seconds])) });
	}
	changeSettings(settings, options);
	return settings;
}

/** Changes settings in place. What is undefined, and what is no setting, is left out. */
export function changeSettings(settings: Settings, change: SettingsOptions): void {
	for (const [name, value] of Object.entries(change)) {
		if (value === undefined || !Object.hasOwn(settings, name)) continue;
		const current = settings[name as keyof Settings];
		if (typeof current === 'object') Object.assign(current, definedIn(value as object));
		else Object.assign(settings, { [name]: value });
	}
}

/** One set of options; where several have a setting, the last one wins. What is no setting is taken along. */
export function combinedSettings<Options extends SettingsOptions>(...parts: Options[]): Options {
	const all: Record<string, unknown> = {};
	for (const [name, value] of parts.flatMap((part) => Object.entries(definedIn(part)))) {
		const isGroup = Object.hasOwn(plainSettings, name) && typeof value === 'object';
		all[name] = isGroup ? { ...(all[name] as object), ...definedIn(value as object) } : value;
	}
	return all as Options;
}

function definedIn(values: object): Record<string, unknown> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
