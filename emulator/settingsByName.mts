import { profiles } from './profiles.mts';
import {
	combinedSettings,
	plainSettings,
	type Settings,
	type SettingsOptions,
} from './settings.mts';

type Named<Name extends keyof Settings> = Settings[Name] extends object
	? `${Name}.${keyof Settings[Name] & string}`
	: Name;
type SettingName = { [Name in keyof Settings]: Named<Name> }[keyof Settings];

interface Setting {
	meaning: string;
	/** The words it may be; without them it is a number, or true or false, as in the plain profile. */
	values?: readonly string[];
}

const noResult = ['notFound', 'invalidInput'];

const catalog: Record<SettingName, Setting> = {
	'limits.callsPerMinute': { meaning: 'calls an app may make in a minute' },
	'limits.callsPerHour': { meaning: 'calls an app may make in an hour' },
	'limits.runsPerMinute': { meaning: 'starts of a live response an app may make in a minute' },
	'limits.uploadsPerMinute': { meaning: 'library uploads an app may make in a minute' },
	'limits.packageLinksPerMinute': {
		meaning: 'links to investigation packages an app may ask for in a minute',
	},
	'limits.packageLinksPerHour': { meaning: 'and in an hour' },
	'limits.sessions': { meaning: 'live response sessions of the tenant at once' },
	windowSeconds: { meaning: "emulated length of the limits' minute" },
	retryAfter: {
		meaning: 'how the refusals of limits say when to come back',
		values: ['seconds', 'fraction', 'date', 'absent'],
	},
	linkLifetimeSeconds: { meaning: "real seconds until a result's link stops working" },
	tokenLifetimeSeconds: { meaning: 'real seconds until an access token stops working' },
	pageSize: { meaning: 'entries of one page of a list' },
	'durations.pickup': { meaning: 'seconds until a device starts the first command' },
	'durations.putFile': { meaning: 'seconds that PutFile takes' },
	'durations.getFile': { meaning: 'seconds that GetFile takes' },
	'durations.runScript': { meaning: 'seconds that a script takes which says nothing else' },
	'durations.betweenCommands': { meaning: 'seconds between two commands' },
	'durations.finish': { meaning: 'seconds from the last command until the action is final' },
	'durations.cancel': { meaning: 'seconds from the cancel call until Cancelled' },
	'durations.scriptTimeout': { meaning: 'seconds after which a script fails' },
	'durations.queueTimeout': { meaning: 'seconds until TimeOut when the device stays away' },
	'lag.action': { meaning: 'seconds until a new action can be read and listed' },
	'lag.list': { meaning: 'seconds until a new action is listed' },
	'lag.link': { meaning: "seconds until an ended action's results have links" },
	'missingResult.running': { meaning: 'link of a command that has not ended', values: noResult },
	'missingResult.putFile': { meaning: 'link of a PutFile', values: noResult },
	'missingResult.wrongIndex': { meaning: 'link of a command there is not', values: noResult },
	'missingResult.failedScript': { meaning: 'link of a command that failed', values: noResult },
	'missingResult.package': { meaning: 'link of a package that is not there', values: noResult },
	'answers.packageLink': {
		meaning: 'the link to a package in its answer',
		values: ['quoted', 'bare'],
	},
	'answers.errorBody': {
		meaning: 'how errors are written',
		values: ['documented', 'emptyCode', 'numericCode', 'activityTarget', 'gateway', 'rotating'],
	},
	'answers.emptyCollections': {
		meaning: 'errors, params and commands without entries',
		values: ['list', 'null'],
	},
	'deviceLookup.passingNotFound': { meaning: 'first calls on each device that answer 404' },
	'deviceLookup.noDevices': {
		meaning: 'answer to a search that finds no device',
		values: ['list', 'notFound'],
	},
	'deviceLookup.availableActions': { meaning: 'the API says which actions a device takes' },
	'contoso.oddActions': { meaning: 'past actions in forms that no page shows' },
	'contoso.sharedNames': { meaning: 'devices under the name of another' },
	'signIn.tokensWithoutRoles': { meaning: 'first tokens that carry no permissions' },
	'lists.order': { meaning: 'order without $orderby', values: ['newestFirst', 'byId'] },
	'lists.takesOrderBy': { meaning: '$orderby is taken' },
	'lists.takesCount': { meaning: '$count is taken' },
	'lists.takesContains': { meaning: 'contains() is taken' },
	'lists.takesIn': { meaning: 'in (...) is taken' },
	'lists.maxFilterNodes': { meaning: 'nodes a filter may have; 100 let 19 ids and a type pass' },
	'lists.nextLinks': {
		meaning: 'links to the third page and later ones',
		values: ['whole', 'loseFilter'],
	},
	'throttling.window': { meaning: 'how a minute is counted', values: ['sliding', 'fixed'] },
	'throttling.countsRefused': { meaning: 'refused calls count' },
	'throttling.body': { meaning: 'words of a 429', values: ['general', 'quota'] },
	'throttling.pendingTakesSession': {
		meaning: 'an action that waits for a device takes a session',
	},
	'starts.race': {
		meaning: "the answer to a start just after another's on the device",
		values: ['refused', 'other', 'both', 'echoed'],
	},
	'starts.raceSeconds': { meaning: 'how long that is' },
	'starts.busyAction': {
		meaning: 'what says that an action other than a live response runs already',
		values: ['named', 'wordsOnly'],
	},
	'endings.timeOutCommand': {
		meaning: 'the command of an action that ended as TimeOut',
		values: ['Created', 'Executing'],
	},
	'endings.cancelComesLate': { meaning: 'a cancelled action runs nevertheless' },
	'scripts.allowsUnsigned': { meaning: 'PowerShell scripts run that are not signed' },
	'endings.cancelTakesAll': { meaning: "cancelling takes the device's other actions along" },
};

/** A line for each setting: name, values, meaning, and its value in both profiles. */
export function settingsHelp(): string {
	const harsh = combinedSettings(plainSettings, profiles.harsh);
	return Object.entries(catalog)
		.map(([name, setting]) => {
			const [plainly, harshly] = [plainSettings, harsh].map((from) => String(valueIn(from, name)));
			const both = plainly === harshly ? plainly : `${plainly}, harsh ${harshly}`;
			const values = setting.values === undefined ? '' : `: ${setting.values.join(' or ')}`;
			return `  ${name}\n      ${setting.meaning}${values} (${both})\n`;
		})
		.join('');
}

/** Reads `name=value` or `group.name=value`. Throws an error that says what is wrong. */
export function readSetting(text: string): SettingsOptions {
	const mark = text.indexOf('=');
	const name = mark < 0 ? text : text.slice(0, mark);
	const written = mark < 0 ? '' : text.slice(mark + 1).trim();
	const value: unknown =
		typeof valueIn(plainSettings, name) === 'number' && written !== ''
			? Number(written)
			: written === 'true' || written === 'false'
				? written === 'true'
				: written;
	checkSetting(name, value);
	const [group, member] = name.split('.');
	return { [group]: member === undefined ? value : { [member]: value } };
}

/** Throws an error that says so when something is no setting or has a value that it cannot have. */
export function checkSettings(change: SettingsOptions): void {
	for (const [name, value] of Object.entries(change)) {
		if (value === undefined) continue;
		if (typeof value !== 'object' || value === null) {
			checkSetting(name, value);
			continue;
		}
		for (const [member, entry] of Object.entries(value)) {
			if (entry !== undefined) checkSetting(`${name}.${member}`, entry);
		}
	}
}

function checkSetting(name: string, value: unknown): void {
	if (!Object.hasOwn(catalog, name)) throw new Error(`There is no setting '${name}'.`);
	const { values } = catalog[name as SettingName];
	const kind = typeof valueIn(plainSettings, name);
	if (values !== undefined) {
		if (!values.some((allowed) => allowed === value)) {
			throw new Error(`${name} must be ${values.join(' or ')}.`);
		}
	} else if (typeof value !== kind || Number.isNaN(value)) {
		throw new Error(`${name} must be ${kind === 'number' ? 'a number' : 'true or false'}.`);
	}
}

function valueIn(settings: SettingsOptions, name: string): unknown {
	let value: unknown = settings;
	for (const part of name.split('.')) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
			return undefined;
		value = Reflect.get(value, part);
	}
	return value;
}
