import { sleep } from 'n8n-workflow';

/** Time, so that tests can bring their own. All values are milliseconds. */
export interface Clock {
	now(): number;
	/** True when the time has passed, false as soon as the signal ends the wait. */
	sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
}

/** Older n8n ignores the signal of `sleep`; slices keep a stopped execution from lingering. */
const LONGEST_SLICE_MS = 1000;

export const systemClock: Clock = {
	now: () => Date.now(),

	async sleep(ms, signal) {
		const end = Date.now() + ms;
		while (!signal?.aborted) {
			const left = end - Date.now();
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
