import type { Clock } from './clock';
import { RateBudget, type Admission, type Turn } from './rateBudget';
import { appLimits, laneLimits } from './rateLimits';

/** What a credential says that n8n may spend. */
interface CallLimits {
	callsPerMinute: number;
	callsPerHour: number;
}

/** The way into a budget, with the limits of one credential. */
export interface CallBudget {
	/** Waits for a place. Every admission must be closed with `answered`. */
	admit(turn: Turn): Promise<Admission>;
}

/** The app registrations of this process, the one used last at the end. */
const budgets = new Map<string, AppBudget>();
const MOST_BUDGETS = 200;

/**
 * The budget of an app registration in a tenant, which all its credentials share. The limits that count
 * are the smallest of those whose credentials have calls waiting or under way.
 */
export function budgetOf(
	app: { apiUrl: string; tenantId: string; clientId: string } & CallLimits,
	clock: Clock,
): CallBudget {
	const { callsPerMinute, callsPerHour } = app;
	const limits = { callsPerMinute, callsPerHour };
	const key = JSON.stringify([app.apiUrl, app.tenantId, app.clientId].map(lowerCase));
	return {
		admit: async (turn) => {
			const budget = budgets.get(key) ?? new AppBudget(limits, clock);
			budgets.delete(key);
			budgets.set(key, budget);
			dropIdle();
			return await budget.admit(turn, limits);
		},
	};
}

const lowerCase = (text: string) => text.toLowerCase();

/** Those used least recently go first, and none that has calls waiting or under way. */
function dropIdle() {
	for (const [key, budget] of budgets) {
		if (budgets.size <= MOST_BUDGETS) return;
		if (budget.isIdle) budgets.delete(key);
	}
}

class AppBudget {
	private readonly budget: RateBudget;
	/** How many calls wait or are under way, by the limits of their credential. */
	private readonly inUse = new Map<string, { limits: CallLimits; calls: number }>();

	constructor(limits: CallLimits, clock: Clock) {
		this.budget = new RateBudget(rateLimits(limits), clock);
	}

	get isIdle(): boolean {
		return this.inUse.size === 0;
	}

	async admit(turn: Turn, limits: CallLimits): Promise<Admission> {
		this.begin(limits);
		const admission = await this.budget.admit(turn);
		if (admission.kind !== 'admitted') {
			this.end(limits);
			return admission;
		}
		return {
			...admission,
			answered: (refused) => {
				this.end(limits);
				admission.answered(refused);
			},
		};
	}

	private begin(limits: CallLimits) {
		const used = this.inUse.get(keyOf(limits));
		if (used) used.calls++;
		else {
			this.inUse.set(keyOf(limits), { limits, calls: 1 });
			this.followSmallest();
		}
	}

	private end(limits: CallLimits) {
		const used = this.inUse.get(keyOf(limits));
		if (!used || --used.calls > 0) return;
		this.inUse.delete(keyOf(limits));
		this.followSmallest();
	}

	private followSmallest() {
		const used = [...this.inUse.values()].map(({ limits }) => limits);
		if (used.length === 0) return;
		const smallest = {
			callsPerMinute: Math.min(...used.map(({ callsPerMinute }) => callsPerMinute)),
			callsPerHour: Math.min(...used.map(({ callsPerHour }) => callsPerHour)),
		};
		this.budget.changeLimits(rateLimits(smallest));
	}
}

const keyOf = ({ callsPerMinute, callsPerHour }: CallLimits) => `${callsPerMinute} ${callsPerHour}`;

const rateLimits = ({ callsPerMinute, callsPerHour }: CallLimits) => [
	...appLimits({ perMinute: callsPerMinute, perHour: callsPerHour }),
	...laneLimits,
];
