/** Windows in which nobody is refused, after one in which every process is refused once. */
const WINDOWS_WITH_A_SHARE = 2;
/** Fewer calls show no share: another process took nearly all because it began a second before. */
const LEAST_SHARE = 10;

/**
 * What is left of a limit where others use it too, such as the workers of n8n's queue mode. They do not
 * talk to each other; a refusal tells. Then all take places one at a time for a window, so that each gets
 * about as many, and whoever is refused meanwhile keeps to what it got for some windows. Without it, four
 * processes would have more than 5 in 100 of a thousand calls refused.
 */
export class Share {
	private calls = Infinity;
	private until = -Infinity;

	constructor(private readonly windowMs: number) {}

	callsAt(now: number): number {
		return now < this.until ? this.calls : Infinity;
	}

	/** Then one call at a time. */
	isFoundOut(now: number): boolean {
		return now >= this.until && now < this.until + this.windowMs;
	}

	/** @param calls of the last window that were not refused */
	refused(calls: number, now: number, heldUntil: number): void {
		const isKnown = this.isFoundOut(now) && calls >= LEAST_SHARE;
		this.calls = isKnown ? calls : Infinity;
		this.until = isKnown ? now + WINDOWS_WITH_A_SHARE * this.windowMs : heldUntil;
	}
}
