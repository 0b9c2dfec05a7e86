/**
 * How many result files of one node run are open at once, whatever waits for one: each takes a
 * connection, and a transcript is held in memory.
 */
import type { NodeContext } from '../inputs/nodeContext';
import { perRun } from '../inputs/perRun';

const DOWNLOADS_AT_ONCE = 20;

class Turns {
	private free = DOWNLOADS_AT_ONCE;
	private readonly waiting: Array<() => void> = [];

	async take<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.free > 0) this.free--;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = this.waiting.shift();
			if (next) next();
			else this.free++;
		}
	}
}

const turnsOf = perRun(() => new Turns());

/** Runs `work`, which opens one file and reads it to its end, when its turn has come. */
export async function inTurn<Result>(
	{ functions }: Pick<NodeContext, 'functions'>,
	work: () => Promise<Result>,
): Promise<Result> {
	return await turnsOf(functions).take(work);
}
