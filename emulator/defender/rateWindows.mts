import type { Limits } from '../settings.mts';

/** Times of the calls of one sliding window, oldest first. */
class Window {
	private times: number[] = [];
	private start = 0;

	/** Emulated milliseconds until one more call fits; 0 when it does now. */
	waitFor(now: number, length: number, limit: number): number {
		while (this.start < this.times.length && this.times[this.start] <= now - length)
			this.start += 1;
		if (this.start > 4096) {
			this.times = this.times.slice(this.start);
			this.start = 0;
		}
		const count = this.times.length - this.start;
		if (count < limit) return 0;
		if (limit < 1) return length;
		return this.times[this.times.length - limit] + length - now;
	}

	add(now: number): void {
		this.times.push(now);
	}
}

interface AppWindows {
	minute: Window;
	hour: Window;
	runs: Window;
}

/**
 * The call limits of the API, counted per app registration over sliding windows. A refused call is not counted.
 */
export class RateWindows {
	private readonly settings: { limits: Limits; windowSeconds: number };
	private readonly apps = new Map<string, AppWindows>();

	constructor(settings: { limits: Limits; windowSeconds: number }) {
		this.settings = settings;
	}

	/** Counts a call, or returns how many emulated milliseconds it comes too early. */
	admit(appId: string, now: number, isRun: boolean): number {
		const { limits, windowSeconds } = this.settings;
		const length = windowSeconds * 1000;
		const windows = this.windowsOf(appId);
		const wait = Math.max(
			windows.minute.waitFor(now, length, limits.callsPerMinute),
			windows.hour.waitFor(now, 60 * length, limits.callsPerHour),
			isRun ? windows.runs.waitFor(now, length, limits.runsPerMinute) : 0,
		);
		if (wait > 0) return wait;
		windows.minute.add(now);
		windows.hour.add(now);
		if (isRun) windows.runs.add(now);
		return 0;
	}

	private windowsOf(appId: string): AppWindows {
		const known = this.apps.get(appId);
		if (known !== undefined) return known;
		const windows = { minute: new Window(), hour: new Window(), runs: new Window() };
		this.apps.set(appId, windows);
		return windows;
	}
}
