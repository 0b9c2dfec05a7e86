/**
 * Who waits for a place, by owner. Owners take turns: after one was served it goes behind the
 * others, so that a single call never waits for all calls of somebody else's batch.
 */
export class FairQueue<Waiter> {
	private readonly queues = new Map<string, Waiter[]>();

	get isEmpty(): boolean {
		return this.queues.size === 0;
	}

	add(owner: string, waiter: Waiter): void {
		const queue = this.queues.get(owner);
		if (queue) queue.push(waiter);
		else this.queues.set(owner, [waiter]);
	}

	/** The waiter of each owner that comes next, in the order of their turns. */
	next(): Array<[owner: string, waiter: Waiter]> {
		return [...this.queues].map(([owner, [first]]) => [owner, first]);
	}

	/** Takes out the first waiter of an owner, whose next turn comes after the others'. */
	serve(owner: string): void {
		const queue = this.queues.get(owner) ?? [];
		queue.shift();
		this.queues.delete(owner);
		if (queue.length > 0) this.queues.set(owner, queue);
	}

	/** Takes out all waiters that `leaves` says yes to, and gives them back. */
	removeAll(leaves: (waiter: Waiter) => boolean): Waiter[] {
		const left: Waiter[] = [];
		for (const [owner, queue] of [...this.queues]) {
			const kept = queue.filter((waiter) => !leaves(waiter));
			if (kept.length === queue.length) continue;
			left.push(...queue.filter(leaves));
			if (kept.length > 0) this.queues.set(owner, kept);
			else this.queues.delete(owner);
		}
		return left;
	}
}
