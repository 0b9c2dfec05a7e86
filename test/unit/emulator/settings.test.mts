import { harshInRealTime, profiles } from '../../../emulator/profiles.mts';
import {
	changeSettings,
	combinedSettings,
	plainSettings,
	settingsFrom,
} from '../../../emulator/settings.mts';
import { checkSettings, readSetting, settingsHelp } from '../../../emulator/settingsByName.mts';

const leaves = (values: object, prefix = ''): string[] =>
	Object.entries(values).flatMap(([name, value]) =>
		typeof value === 'object' ? leaves(value as object, `${name}.`) : [`${prefix}${name}`],
	);

describe('the profiles', () => {
	it('are plain unless another is asked for', () => {
		expect(settingsFrom({})).toEqual(plainSettings);
		expect(settingsFrom({ profile: 'plain' })).toEqual(plainSettings);
	});

	it('differ in every setting that the harsh one has, except where both agree on a default', () => {
		const harsh = settingsFrom({ profile: 'harsh' });

		expect(harsh).toMatchObject(profiles.harsh);
		for (const group of ['missingResult', 'lists', 'throttling', 'endings'] as const) {
			for (const [name, value] of Object.entries(plainSettings[group])) {
				expect([name, Reflect.get(harsh[group], name)]).not.toEqual([name, value]);
			}
		}
	});

	it('give way to what is said beside them', () => {
		const settings = settingsFrom({
			profile: 'harsh',
			lists: { order: 'newestFirst', takesIn: undefined },
			pageSize: 5,
		});

		expect(settings.lists).toEqual({
			...settingsFrom({ profile: 'harsh' }).lists,
			order: 'newestFirst',
		});
		expect(settings.pageSize).toBe(5);
	});

	it('have lags that can be given in real seconds for whoever waits in real time', () => {
		const lag = (options: Parameters<typeof settingsFrom>[0]) => settingsFrom(options).lag;

		expect(lag(harshInRealTime)).toEqual({ action: 3, list: 3, link: 3 });
		expect(lag({ ...harshInRealTime, timeScale: 20 })).toEqual({ action: 60, list: 60, link: 60 });
		expect(lag({ ...harshInRealTime, lag: { list: 30 } }).list).toBe(30);
		expect(lag({ realLagSeconds: 3 })).toEqual(plainSettings.lag);
	});

	it('are not changed by what a running emulator changes', () => {
		const settings = settingsFrom({ profile: 'harsh' });
		changeSettings(settings, { lag: { action: 1 } });

		expect(settings.lag).toEqual({ action: 1, list: 120, link: 4 });
		expect(settingsFrom({ profile: 'harsh' }).lag.action).toBe(120);
	});
});

describe('a setting by name', () => {
	it.each([
		['lists.order=byId', { lists: { order: 'byId' } }],
		['limits.callsPerHour=Infinity', { limits: { callsPerHour: Infinity } }],
		['throttling.countsRefused=true', { throttling: { countsRefused: true } }],
		['pageSize=5', { pageSize: 5 }],
		['retryAfter=date', { retryAfter: 'date' }],
	])('%s', (text, expected) => {
		expect(readSetting(text)).toEqual(expected);
	});

	it.each([
		['lists.order=random', 'lists.order must be newestFirst or byId.'],
		['limits.callsPerHour=many', 'limits.callsPerHour must be a number.'],
		['limits.callsPerHour', 'limits.callsPerHour must be a number.'],
		['throttling.countsRefused=1', 'throttling.countsRefused must be true or false.'],
		['limits=5', "There is no setting 'limits'."],
		['lists.colour=red', "There is no setting 'lists.colour'."],
		['constructor.name=x', "There is no setting 'constructor.name'."],
		['lists.order.first=byId', 'There is no setting'],
	])('%s is refused', (text, message) => {
		expect(() => readSetting(text)).toThrow(message);
	});

	it('is described for every setting, with its value in both profiles', () => {
		const help = settingsHelp();

		for (const name of leaves(plainSettings)) expect(help).toContain(`  ${name}\n`);
		expect(help).toContain('(newestFirst, harsh byId)');
	});
});

describe('a change', () => {
	it('may have what is undefined, and is otherwise checked as a whole', () => {
		expect(() => checkSettings({ pageSize: undefined, lag: { list: undefined } })).not.toThrow();
		expect(() => checkSettings(JSON.parse('{ "lag": { "lists": 3 } }') as object)).toThrow(
			"'lag.lists'",
		);
		expect(() => checkSettings(JSON.parse('{ "pageSize": null }') as object)).toThrow('a number');
	});

	it('of several ones the last wins, member by member', () => {
		expect(
			combinedSettings(
				{ lag: { list: 1, link: 1 }, pageSize: 1 },
				{ lag: { list: 2, action: undefined }, pageSize: undefined },
			),
		).toEqual({ lag: { list: 2, link: 1 }, pageSize: 1 });
	});
});
