import { sleep } from 'n8n-workflow';

import { MOST_IN_A_TURN } from '../transport/onStop';

/** Lets items go on a few at a time, in the order in which they ask, with room between for whatever else n8n does. */
export class ItemTurns {
	private taken = 0;
	private turn = Promise.resolve();
	private end: Promise<void> | undefined;

	async next(): Promise<void> {
		if (this.taken > 0 && this.taken % MOST_IN_A_TURN === 0) {
			this.turn = this.turn.then(async () => await sleep(0));
		}
		this.taken++;
		await this.turn;
	}

	/** When all that have asked up to the first call of this had their turn. */
	async all(): Promise<void> {
		this.end ??= this.turn.then(async () => await sleep(0));
		await this.end;
	}
}
