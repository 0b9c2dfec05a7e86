import type { Clock } from './clock';
import { RateBudget, type Turn } from './rateBudget';
import type { CallLimits } from './rateLimits';

/** The way into a budget, with the limits of one credential. */
export type CallBudget = { ask(turn: Omit<Turn, 'limits'>): ReturnType<RateBudget['ask']> };

/** The app registrations of this process, the one used last at the end. */
const budgets = new Map<string, RateBudget>();
/** More tenants than a process serves in an hour; each keeps the times of its calls of an hour. */
const MOST_BUDGETS = 200;

/** That of an app registration in a tenant, which all its credentials share, whatever their region. */
export function budgetOf(app: readonly string[], limits: CallLimits, clock: Clock): CallBudget {
	const key = JSON.stringify(app).toLowerCase();
	const ask: CallBudget['ask'] = (turn) => {
		const budget = budgets.get(key) ?? new RateBudget(limits, clock);
		budgets.delete(key);
		for (const [other, { inUse }] of budgets) {
			if (inUse.size === 0 && budgets.size >= MOST_BUDGETS) budgets.delete(other);
		}
		budgets.set(key, budget);
		return budget.ask({ ...turn, limits });
	};
	return { ask };
}
