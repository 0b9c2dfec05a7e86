import { budgetOf } from '../../../nodes/DefenderLiveResponse/limits/appBudgets';
import { turn } from '../../support/playedLimits.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const clock = new VirtualClock();
const credential = {
	loginUrl: 'https://login.microsoftonline.com',
	tenantId: 'tenant',
	clientId: 'app',
	callsPerMinute: 100,
	callsPerHour: 1500,
};

function ask(fields: Partial<typeof credential>) {
	const { callsPerMinute, callsPerHour, ...app } = { ...credential, ...fields };
	return budgetOf(Object.values(app), { callsPerMinute, callsPerHour }, clock).ask(
		turn({ since: clock.now() }),
	);
}

/** Asks for places and gives each back at once; says how many were given. */
function calls(fields: Partial<typeof credential>, count: number) {
	const counted = { admitted: 0 };
	for (let call = 0; call < count; call++) {
		void ask(fields).admission.then((admission) => {
			if (admission.kind === 'admitted') admission.answered('counted');
			counted.admitted++;
		});
	}
	return counted;
}

/** Holds one place, as a call that is under way. */
async function underWay(fields: Partial<typeof credential>): Promise<() => void> {
	const admission = await ask(fields).admission;
	if (admission.kind !== 'admitted') throw new Error('expected a place');
	return () => admission.answered('counted');
}

describe('the budgets of app registrations', () => {
	it('credentials of the same app registration and tenant share one, whatever their region', async () => {
		const shared = { clientId: 'shared', callsPerMinute: 2 };
		calls(shared, 2);
		await clock.advance(30_000);
		const same = calls({ ...shared, tenantId: 'TENANT' }, 1);
		const otherApp = calls({ ...shared, clientId: 'other' }, 1);
		const otherTenant = calls({ ...shared, tenantId: 'other' }, 1);
		const otherCloud = calls({ ...shared, loginUrl: 'https://login.microsoftonline.us' }, 1);
		await clock.advance(1000);
		expect([same, otherApp, otherTenant, otherCloud].map(({ admitted }) => admitted)).toEqual([
			0, 1, 1, 1,
		]);
	});

	it('follows the limits of a credential that was changed', async () => {
		const before = calls({ clientId: 'changed', callsPerMinute: 2 }, 2);
		await clock.advance(1000);
		const after = calls({ clientId: 'changed', callsPerMinute: 100 }, 10);
		await clock.advance(30_000);
		expect([before.admitted, after.admitted]).toEqual([2, 10]);
	});

	it('of two credentials with calls under way the smaller limits count, whichever came last', async () => {
		const endNarrow = await underWay({ clientId: 'two', callsPerMinute: 3 });
		const wide = calls({ clientId: 'two', callsPerMinute: 100 }, 10);
		await clock.advance(50_000);
		expect(wide.admitted).toBe(2);
		endNarrow();
		await clock.advance(1000);
		expect(wide.admitted).toBe(10);
	});

	it('of two credentials with calls that wait the smaller limits count, until those have left', async () => {
		const end = await underWay({ clientId: 'waiting', callsPerMinute: 1 });
		const narrow = ask({ clientId: 'waiting', callsPerMinute: 1 });
		const wide = calls({ clientId: 'waiting', callsPerMinute: 100 }, 10);
		end();
		await clock.advance(50_000);
		expect(wide.admitted).toBe(0);
		narrow.leave();
		await clock.advance(1000);
		expect(wide.admitted).toBe(10);
	});

	it('forgets those that are idle when there are many, and none in use', async () => {
		const few = { callsPerMinute: 1 };
		calls({ ...few, clientId: 'idle' }, 1);
		const end = await underWay({ ...few, clientId: 'busy' });
		await clock.advance(1000);
		for (let other = 0; other < 500; other++) calls({ clientId: `other ${other}` }, 1);
		await clock.advance(1000);
		const [idle, busy] = ['idle', 'busy'].map((clientId) => calls({ ...few, clientId }, 1));
		await clock.advance(10_000);
		expect([idle.admitted, busy.admitted]).toEqual([1, 0]);
		end();
	});
});
