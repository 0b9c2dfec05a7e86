import { RateWindows } from '../../../emulator/defender/rateWindows.mts';
import { settingsFrom, type SettingsOptions } from '../../../emulator/settings.mts';

const windowsWith = (options: SettingsOptions = {}) => new RateWindows(settingsFrom(options));
const start = 1_700_000_000_000;

describe('the call limits of the API', () => {
	it('let 100 calls through in a minute and say when the next one fits', () => {
		const windows = windowsWith();
		for (let call = 0; call < 100; call += 1) {
			expect(windows.admit('app', start + call * 100, false)).toBe(0);
		}

		expect(windows.admit('app', start + 10_000, false)).toBe(50_000);
		expect(windows.admit('app', start + 59_999, false)).toBe(1);
		expect(windows.admit('app', start + 60_000, false)).toBe(0);
		expect(windows.admit('app', start + 60_000, false)).toBe(100);
	});

	it('let 1,500 calls through in an hour', () => {
		const windows = windowsWith();
		let admitted = 0;
		for (let second = 0; second < 3600; second += 1) {
			if (windows.admit('app', start + second * 1000, false) === 0) admitted += 1;
		}

		expect(admitted).toBe(1500);
		expect(windows.admit('app', start + 3_600_000, false)).toBe(0);
	});

	it('hold live response runs to 10 a minute and leave the other calls alone', () => {
		const windows = windowsWith();
		for (let run = 0; run < 10; run += 1) expect(windows.admit('app', start, true)).toBe(0);

		expect(windows.admit('app', start + 1000, true)).toBe(59_000);
		expect(windows.admit('app', start + 1000, false)).toBe(0);
	});

	it('count runs as calls', () => {
		const windows = windowsWith({ limits: { callsPerMinute: 2 } });
		windows.admit('app', start, true);
		windows.admit('app', start, true);

		expect(windows.admit('app', start, false)).toBe(60_000);
	});

	it('do not count refused calls', () => {
		const windows = windowsWith({ limits: { callsPerMinute: 1 } });
		windows.admit('app', start, false);
		for (let call = 0; call < 50; call += 1) windows.admit('app', start + 30_000, false);

		expect(windows.admit('app', start + 60_000, false)).toBe(0);
	});

	it('are kept for each app registration', () => {
		const windows = windowsWith({ limits: { callsPerMinute: 1 } });
		windows.admit('one', start, false);

		expect(windows.admit('other', start, false)).toBe(0);
	});

	it('follow a shorter window and limits that are lifted', () => {
		const windows = windowsWith({
			windowSeconds: 6,
			limits: { callsPerMinute: 1, callsPerHour: Infinity },
		});
		windows.admit('app', start, false);

		expect(windows.admit('app', start, false)).toBe(6000);
	});

	it('stay exact over many thousands of calls', () => {
		const windows = windowsWith({ limits: { callsPerHour: Infinity } });
		let admitted = 0;
		for (let time = 0; time < 3_600_000; time += 50) {
			if (windows.admit('app', start + time, false) === 0) admitted += 1;
		}

		expect(admitted).toBe(6000);
	});
});
