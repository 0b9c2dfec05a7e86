import { bounded } from '../../../nodes/DefenderLiveResponse/transport/connection';
import { perConnection } from '../../../nodes/DefenderLiveResponse/transport/perConnection';
import { connectionTo } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const connection = () =>
	connectionTo(() => ({ status: 200, body: {} }), { clock: new VirtualClock() });

describe('what is made once for a connection', () => {
	it('is made for the connection itself, also when a bounded copy asks first, and shared by all of them', () => {
		const keptFor = perConnection((madeFor) => ({ madeFor }));
		const whole = connection();
		const copy = bounded(whole, { maxHoldMs: 1000 });
		const copyOfCopy = bounded(copy, { signal: AbortSignal.timeout(1) });
		const kept = keptFor(copyOfCopy);
		expect(kept.madeFor).toBe(whole);
		expect([copy, whole].map((one) => keptFor(one) === kept)).toEqual([true, true]);
		expect(copyOfCopy.maxHoldMs).toBe(1000);
	});

	it('is another one for another connection', () => {
		const keptFor = perConnection(() => ({}));
		expect(keptFor(connection())).not.toBe(keptFor(connection()));
	});
});
