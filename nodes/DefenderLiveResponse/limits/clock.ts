import { sleep } from 'n8n-workflow';

/** Time, so that tests can bring their own. All values are milliseconds. */
export interface Clock {
	/** For durations and deadlines: never goes back and never jumps, whatever the system's clock does. */
	now(): number;
	/** Since 1970 by the system's clock, which may be wrong: for what the times of the API are compared with. */
	wallTime(): number;
	/** True when the time has passed, false as soon as the signal ends the wait. */
	sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
}

/** Older n8n ignores the signal of `sleep`; slices keep a stopped execution from lingering. */
const LONGEST_SLICE_MS = 1000;

/** Counts from 1970 too, as far as the system's clock was right when the process began. */
const monotonicNow = () => performance.timeOrigin + performance.now();

export const systemClock: Clock = {
	now: monotonicNow,
	wallTime: () => Date.now(),

	async sleep(ms, signal) {
		const end = monotonicNow() + ms;
		while (!signal?.aborted) {
			const left = end - monotonicNow();
			if (left <= 0) return true;
			try {
				await sleep(Math.min(left, LONGEST_SLICE_MS), signal);
			} catch {
				return false;
			}
		}
		return false;
	},
};

/** For what should never come about, such as a transfer that stands still. */
export const watchdogClock: Clock = systemClock;
