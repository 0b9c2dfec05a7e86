import { budgetOf } from '../../../nodes/DefenderLiveResponse/limits/appBudgets';
import { VirtualClock } from '../../support/virtualClock.mts';

const clock = new VirtualClock();
const app = {
	apiUrl: 'https://api.security.microsoft.com/api',
	tenantId: 'tenant',
	clientId: 'app',
	callsPerMinute: 100,
	callsPerHour: 1500,
};

describe('the budgets of app registrations', () => {
	it('credentials of the same app registration share one', () => {
		expect(budgetOf({ ...app, tenantId: 'TENANT' }, clock)).toBe(budgetOf(app, clock));
		expect(budgetOf({ ...app, clientId: 'other' }, clock)).not.toBe(budgetOf(app, clock));
	});

	it('follows the limits of the credential, also when they are changed', async () => {
		const budget = budgetOf({ ...app, clientId: 'narrowed' }, clock);
		expect(budgetOf({ ...app, clientId: 'narrowed', callsPerMinute: 2 }, clock)).toBe(budget);
		let admitted = 0;
		for (let call = 0; call < 10; call++) {
			void budget.admit({ owner: 'e', lane: 'call', maxHoldMs: 0 }).then((admission) => {
				if (admission.kind === 'admitted') admission.answered(null);
				admitted++;
			});
		}
		await clock.advance(59_000);
		expect(admitted).toBe(2);
		budgetOf({ ...app, clientId: 'narrowed', callsPerMinute: 100 }, clock);
		await clock.advance(60_000);
		expect(admitted).toBe(10);
	});

	it('forgets those that are idle when there are many, and none in use', async () => {
		const idle = budgetOf({ ...app, clientId: 'idle' }, clock);
		const busy = budgetOf({ ...app, clientId: 'busy' }, clock);
		const admission = await busy.admit({ owner: 'e', lane: 'call', maxHoldMs: 0 });
		for (let other = 0; other < 500; other++) {
			budgetOf({ ...app, clientId: `other ${other}` }, clock);
		}
		expect(budgetOf({ ...app, clientId: 'idle' }, clock)).not.toBe(idle);
		expect(budgetOf({ ...app, clientId: 'busy' }, clock)).toBe(busy);
		if (admission.kind === 'admitted') admission.answered(null);
	});
});
