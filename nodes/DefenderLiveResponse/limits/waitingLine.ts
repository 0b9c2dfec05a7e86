/** Who waits for a place. Owners take turns; those of an owner go as they came, refused ones before them. */
export class WaitingLine<Waiter extends { owner: string; isAgain: boolean }> {
	/** By owner, the one whose turn it is first. Leaving takes the same time however many wait. */
	private readonly owners = new Map<string, Set<Waiter>>();

	add(waiter: Waiter): void {
		const own = this.owners.get(waiter.owner) ?? new Set();
		this.owners.set(waiter.owner, waiter.isAgain ? new Set([waiter, ...own]) : own.add(waiter));
	}

	/** The first of the first owner whose first `may` go. */
	first(may: (waiter: Waiter) => boolean): Waiter | undefined {
		for (const [first] of this.owners.values()) if (may(first)) return first;
		return undefined;
	}

	/** False when it had left. @param isServed then the next of its owner comes after the others */
	remove(waiter: Waiter, isServed = false): boolean {
		const own = this.owners.get(waiter.owner);
		if (!own?.delete(waiter)) return false;
		if (isServed || own.size === 0) this.owners.delete(waiter.owner);
		if (own.size > 0) this.owners.set(waiter.owner, own);
		return true;
	}
}
