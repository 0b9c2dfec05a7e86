/**
 * Stands in for the system clock: waits take no time, and are written down. Real HTTP goes on in
 * real time; `now` runs ahead by what was slept.
 */
export const slept: number[] = [];
let ahead = 0;
let wrong = 0;

/** Sets the clock of the machine that runs n8n wrong by so many milliseconds. */
export const setWrongBy = (ms: number) => {
	wrong = ms;
};

/** The time of the rest of the world. */
export const worldNow = () => Date.now() + ahead;

export const systemClock = {
	now: worldNow,
	wallTime: () => worldNow() + wrong,

	async sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
		if (signal?.aborted) return false;
		// A short real pause lets answers that are under way arrive first.
		await new Promise((resolve) => setTimeout(resolve, ms > 0 ? 2 : 0));
		if (signal?.aborted) return false;
		slept.push(ms);
		ahead += ms;
		return true;
	},
};

/** Transfers go on in real time, and none of a test stands still for a minute. */
export const watchdogClock = {
	now: () => Date.now(),
	wallTime: () => Date.now(),

	async sleep(_ms: number, signal?: AbortSignal): Promise<boolean> {
		return await new Promise((resolve) => {
			signal?.addEventListener('abort', () => resolve(false), { once: true });
		});
	},
};
