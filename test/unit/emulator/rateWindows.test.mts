import { RateWindows, type CallKind } from '../../../emulator/defender/rateWindows.mts';
import { settingsFrom, type SettingsOptions } from '../../../emulator/settings.mts';

const windowsWith = (options: SettingsOptions = {}) => {
	const windows = new RateWindows(settingsFrom(options));
	return {
		/** Milliseconds to wait; 0 when the call was taken. */
		admit: (app: string, now: number, kind: CallKind = 'call') =>
			windows.admit(app, now, kind)?.waitMs ?? 0,
		spent: (now: number, kind: CallKind = 'call') => windows.admit('app', now, kind),
	};
};
const start = 1_700_000_000_000;

describe('the call limits of the API', () => {
	it('let 100 calls through in a minute and say when the next one fits', () => {
		const windows = windowsWith();
		for (let call = 0; call < 100; call += 1) {
			expect(windows.admit('app', start + call * 100)).toBe(0);
		}

		expect(windows.admit('app', start + 10_000)).toBe(50_000);
		expect(windows.admit('app', start + 59_999)).toBe(1);
		expect(windows.admit('app', start + 60_000)).toBe(0);
		expect(windows.admit('app', start + 60_000)).toBe(100);
	});

	it('let 1,500 calls through in an hour', () => {
		const windows = windowsWith();
		let admitted = 0;
		for (let second = 0; second < 3600; second += 1) {
			if (windows.admit('app', start + second * 1000) === 0) admitted += 1;
		}

		expect(admitted).toBe(1500);
		expect(windows.admit('app', start + 3_600_000)).toBe(0);
	});

	it('hold live response runs to 10 a minute and leave the other calls alone', () => {
		const windows = windowsWith();
		for (let run = 0; run < 10; run += 1) expect(windows.admit('app', start, 'run')).toBe(0);

		expect(windows.admit('app', start + 1000, 'run')).toBe(59_000);
		expect(windows.admit('app', start + 1000)).toBe(0);
	});

	it('count runs as calls', () => {
		const windows = windowsWith({ limits: { callsPerMinute: 2 } });
		windows.admit('app', start, 'run');
		windows.admit('app', start, 'run');

		expect(windows.admit('app', start)).toBe(60_000);
	});

	it('do not count refused calls', () => {
		const windows = windowsWith({ limits: { callsPerMinute: 1 } });
		windows.admit('app', start);
		for (let call = 0; call < 50; call += 1) windows.admit('app', start + 30_000);

		expect(windows.admit('app', start + 60_000)).toBe(0);
	});

	it('are kept for each app registration', () => {
		const windows = windowsWith({ limits: { callsPerMinute: 1 } });
		windows.admit('one', start);

		expect(windows.admit('other', start)).toBe(0);
	});

	it('follow a shorter window and limits that are lifted', () => {
		const windows = windowsWith({
			windowSeconds: 6,
			limits: { callsPerMinute: 1, callsPerHour: Infinity },
		});
		windows.admit('app', start);

		expect(windows.admit('app', start)).toBe(6000);
	});

	it('stay exact over many thousands of calls', () => {
		const windows = windowsWith({ limits: { callsPerHour: Infinity } });
		let admitted = 0;
		for (let time = 0; time < 3_600_000; time += 50) {
			if (windows.admit('app', start + time) === 0) admitted += 1;
		}

		expect(admitted).toBe(6000);
	});

	it('hold uploads to a number of their own', () => {
		const windows = windowsWith({ limits: { uploadsPerMinute: 6 } });
		for (let upload = 0; upload < 6; upload += 1) {
			expect(windows.admit('app', start + upload * 1000, 'upload')).toBe(0);
		}

		expect(windows.admit('app', start + 10_000, 'upload')).toBe(50_000);
		expect(windows.admit('app', start + 10_000, 'run')).toBe(0);
	});

	it('name the limit that keeps a call longest from being taken', () => {
		const windows = windowsWith({ limits: { callsPerMinute: 2, callsPerHour: 3 } });
		const spent = [0, 1, 2, 60_000, 60_001].map((after) => windows.spent(start + after));

		expect(spent.map((limit) => limit && [limit.allowed, limit.per])).toEqual([
			undefined,
			undefined,
			[2, 'minute'],
			undefined,
			[3, 'hour'],
		]);
	});

	it('can begin anew with each minute of the clock', () => {
		const windows = windowsWith({
			throttling: { window: 'fixed' },
			limits: { callsPerMinute: 2 },
		});
		const minute = Math.floor(start / 60_000) * 60_000;
		const waits = [59_000, 59_500, 59_900, 60_000, 60_001, 60_002].map((after) =>
			windows.admit('app', minute + after),
		);

		expect(waits).toEqual([0, 0, 100, 0, 0, 59_998]);
	});

	it('can count refused calls, so that a client which does not wait is never let in', () => {
		const windows = windowsWith({
			throttling: { countsRefused: true },
			limits: { callsPerMinute: 2 },
		});
		windows.admit('app', start);
		windows.admit('app', start);
		for (let second = 1; second < 300; second += 1) {
			expect(windows.admit('app', start + second * 1000)).toBeGreaterThan(0);
		}

		expect(windows.admit('app', start + 299_000 + 60_000)).toBe(0);
	});

	it('can count calls that the minute refused against the hour', () => {
		const windows = windowsWith({
			throttling: { window: 'fixed', countsRefused: true },
			limits: { callsPerMinute: 1, callsPerHour: 10 },
		});
		const hour = Math.ceil(start / 3_600_000) * 3_600_000;
		for (let call = 0; call < 10; call += 1) windows.admit('app', hour);

		expect(windows.admit('app', hour + 60_000)).toBe(3_540_000);
	});
});
