import { pathOf, targetOf, type FaultKind, type FaultOrder, type FaultTarget } from './fault.mts';

interface Pending {
	order: FaultOrder;
	target: FaultTarget;
	path: RegExp | undefined;
	skip: number;
	left: number;
}

/** The faults ordered and not yet delivered. The oldest order that matches a request is served first. */
export class Faults {
	private pending: Pending[] = [];

	order(...orders: FaultOrder[]): void {
		for (const order of orders) {
			const count = order.count ?? 1;
			const path = pathOf(order);
			this.pending.push({
				order,
				target: targetOf(order),
				path: path === undefined ? undefined : new RegExp(path),
				skip: order.skip ?? 0,
				left: count < 0 ? Infinity : count,
			});
		}
	}

	/** Takes the fault for a request, if one is due. */
	take(target: FaultTarget, method: string, url: string): FaultKind | undefined {
		if (this.pending.length === 0) return undefined;
		for (const entry of this.pending) {
			if (entry.target !== target) continue;
			if (entry.order.method !== undefined && entry.order.method !== method) continue;
			if (entry.path !== undefined && !entry.path.test(url)) continue;
			if (entry.skip > 0) {
				entry.skip -= 1;
				continue;
			}
			entry.left -= 1;
			if (entry.left <= 0) this.pending = this.pending.filter((other) => other !== entry);
			return entry.order;
		}
		return undefined;
	}

	/** Orders with deliveries left. */
	get outstanding(): FaultOrder[] {
		return this.pending.map((entry) => ({ ...entry.order, count: entry.left, skip: entry.skip }));
	}

	clear(): void {
		this.pending = [];
	}
}
