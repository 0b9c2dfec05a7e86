import type { Throttling } from '../openFacts.mts';
import type { Limits } from '../settings.mts';

/** Beside the limits of all calls, some calls have one of their own. */
export type CallKind = 'call' | 'run' | 'upload' | 'packageLink';

/** A limit that is spent. */
export interface SpentLimit {
	/** Emulated milliseconds until one more call fits. */
	waitMs: number;
	/** So many calls it allows, in a minute or an hour. */
	allowed: number;
	per: 'minute' | 'hour';
}

interface Settings {
	limits: Limits;
	windowSeconds: number;
	throttling: Pick<Throttling, 'window' | 'countsRefused'>;
}

/** Times of the calls of one limit, oldest first. */
class CallTimes {
	private times: number[] = [];
	private start = 0;

	/** Forgets what no window has any more; `length` in emulated milliseconds. */
	forgetBefore(oldest: number): void {
		while (this.start < this.times.length && this.times[this.start] <= oldest) this.start += 1;
		if (this.start > 4096) {
			this.times = this.times.slice(this.start);
			this.start = 0;
		}
	}

	/** Emulated milliseconds until one more call fits; 0 when it does now. */
	waitFor(now: number, length: number, limit: number, window: Throttling['window']): number {
		const windowStart = window === 'fixed' ? Math.floor(now / length) * length : now - length;
		const isFull =
			limit < 1 ||
			(this.times.length - this.start >= limit &&
				this.times[this.times.length - limit] >= windowStart);
		if (!isFull) return 0;
		if (window === 'fixed') return windowStart + length - now;
		return limit < 1 ? length : this.times[this.times.length - limit] + length - now;
	}

	add(now: number): void {
		this.times.push(now);
	}
}

type AppTimes = Record<
	'minute' | 'hour' | 'runs' | 'uploads' | 'packageLinks' | 'packageLinksOfHour',
	CallTimes
>;

/** The call limits of the API, counted per app registration. */
export class RateWindows {
	private readonly settings: Settings;
	private readonly apps = new Map<string, AppTimes>();

	constructor(settings: Settings) {
		this.settings = settings;
	}

	/** Counts a call, or returns the limit that keeps it longest from being taken. */
	admit(appId: string, now: number, kind: CallKind): SpentLimit | undefined {
		const { limits, windowSeconds, throttling } = this.settings;
		const app = this.timesOf(appId);
		const minute = windowSeconds * 1000;
		const checks = [
			{ times: app.minute, allowed: limits.callsPerMinute, per: 'minute' as const },
			{ times: app.hour, allowed: limits.callsPerHour, per: 'hour' as const },
			...(kind === 'run'
				? [{ times: app.runs, allowed: limits.runsPerMinute, per: 'minute' as const }]
				: []),
			...(kind === 'upload'
				? [{ times: app.uploads, allowed: limits.uploadsPerMinute, per: 'minute' as const }]
				: []),
			...(kind === 'packageLink'
				? [
						{
							times: app.packageLinks,
							allowed: limits.packageLinksPerMinute,
							per: 'minute' as const,
						},
						{
							times: app.packageLinksOfHour,
							allowed: limits.packageLinksPerHour,
							per: 'hour' as const,
						},
					]
				: []),
		];
		let spent: SpentLimit | undefined;
		for (const { times, allowed, per } of checks) {
			const length = per === 'minute' ? minute : 60 * minute;
			times.forgetBefore(now - length);
			const waitMs = times.waitFor(now, length, allowed, throttling.window);
			if (waitMs > (spent?.waitMs ?? 0)) spent = { waitMs, allowed, per };
		}
		if (spent === undefined || throttling.countsRefused) {
			for (const { times } of checks) times.add(now);
		}
		return spent;
	}

	private timesOf(appId: string): AppTimes {
		const known = this.apps.get(appId);
		if (known !== undefined) return known;
		const times = {
			minute: new CallTimes(),
			hour: new CallTimes(),
			runs: new CallTimes(),
			uploads: new CallTimes(),
			packageLinks: new CallTimes(),
			packageLinksOfHour: new CallTimes(),
		};
		this.apps.set(appId, times);
		return times;
	}
}
