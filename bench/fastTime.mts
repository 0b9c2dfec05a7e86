/** Time that runs `speed` times as fast, the same for the emulator and every n8n of a comparison. */
export interface FastTime {
	/** Milliseconds since 1970, for the emulator's `clock`. */
	readonly now: () => number;
	/** For n8n's `preload`. */
	readonly preload: string;
}

export function fastTime(speed: number): FastTime {
	const since = Date.now();
	const preload = new URL('fastClock.mjs', import.meta.url);
	preload.search = new URLSearchParams({ speed: `${speed}`, since: `${since}` }).toString();
	return { now: () => since + (Date.now() - since) * speed, preload: preload.href };
}
