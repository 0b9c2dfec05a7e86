import type { Clock } from './clock';
import { RateBudget } from './rateBudget';
import { appLimits, laneLimits } from './rateLimits';

/** The app registrations of this process, the one used last at the end. */
const budgets = new Map<string, RateBudget>();
const MOST_BUDGETS = 200;

/**
 * The budget of an app registration. Credentials of the same app registration share it; the limits
 * that count are those of the credential used last.
 */
export function budgetOf(
	app: {
		apiUrl: string;
		tenantId: string;
		clientId: string;
		callsPerMinute: number;
		callsPerHour: number;
	},
	clock: Clock,
): RateBudget {
	const limits = [
		...appLimits({ perMinute: app.callsPerMinute, perHour: app.callsPerHour }),
		...laneLimits,
	];
	const key = JSON.stringify([app.apiUrl, app.tenantId, app.clientId].map(lowerCase));
	const budget = budgets.get(key) ?? new RateBudget(limits, clock);
	budget.changeLimits(limits);
	budgets.delete(key);
	budgets.set(key, budget);
	dropIdle();
	return budget;
}

const lowerCase = (text: string) => text.toLowerCase();

/** Those used least recently go first, and none that has calls waiting or under way. */
function dropIdle() {
	for (const [key, budget] of budgets) {
		if (budgets.size <= MOST_BUDGETS) return;
		if (budget.isIdle) budgets.delete(key);
	}
}
