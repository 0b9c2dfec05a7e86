/** Emulated time: real time, run faster or slower and set forward at will. Milliseconds since 1970. */
export class EmulatedClock {
	readonly timeScale: number;
	private readonly realNow: () => number;
	private readonly startedAt: number;
	private offset = 0;

	constructor(options: { timeScale?: number; realNow?: () => number } = {}) {
		this.timeScale = options.timeScale ?? 1;
		this.realNow = options.realNow ?? Date.now;
		this.startedAt = this.realNow();
	}

	now(): number {
		return this.startedAt + (this.realNow() - this.startedAt) * this.timeScale + this.offset;
	}

	/** Sets the clock forward by emulated seconds. */
	advance(seconds: number): void {
		if (!(seconds >= 0)) throw new RangeError('The clock only goes forward.');
		this.offset += seconds * 1000;
	}

	/** Wall-clock time, which tokens and links live by. */
	real(): number {
		return this.realNow();
	}

	/** How long a client has to wait for some emulated milliseconds to pass, in real seconds. */
	realSeconds(emulatedMilliseconds: number): number {
		return emulatedMilliseconds / 1000 / this.timeScale;
	}
}

/** A time as the Defender API writes it: seven digits of fraction. */
export function toApiTime(time: number): string {
	return new Date(time).toISOString().replace('Z', '0000Z');
}
