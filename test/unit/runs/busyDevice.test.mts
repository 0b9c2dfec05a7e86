import type { MachineAction } from '../../../nodes/DefenderLiveResponse/domain/machineAction';
import { whenBusy } from '../../../nodes/DefenderLiveResponse/runs/busyDevice';
import type { WantedRun } from '../../../nodes/DefenderLiveResponse/runs/wantedRun';
import { connectionTo } from '../../support/playedApi.mts';
import { VirtualClock } from '../../support/virtualClock.mts';

const machineId = 'a'.repeat(40);
const blocking = {
	id: '11a86b87-12b8-423b-9e8d-9775ab2da78f',
	type: 'LiveResponse',
	status: 'InProgress',
	machineId,
	creationDateTimeUtc: new Date(0).toISOString(),
	commands: [],
	sent: {},
} as unknown as MachineAction;

describe('When Device Is Busy = Wait', () => {
	it.each([
		['for an action', [blocking]],
		['for a session that is not listed', []],
	])('ends as canceled when the execution is stopped while it waits %s', async (_case, value) => {
		const clock = new VirtualClock();
		const stop = new AbortController();
		const connection = {
			...connectionTo(() => ({ status: 200, body: { value } }), { clock }),
			signal: stop.signal,
		};
		const run = {
			context: { functions: connection.functions, itemIndex: 0 },
			connection,
			kind: { type: 'LiveResponse' },
			machineId,
			marker: { key: '' },
			whenBusy: 'wait',
			patience: { intervalMs: 10_000, maxWaitMs: 900_000 },
		} as unknown as WantedRun;

		const waiting = whenBusy(run, 900_000).catch((error: { context: object }) => error.context);
		await clock.advance(5000);
		stop.abort();
		await clock.advance(1000);

		expect(await waiting).toMatchObject({ details: { code: 'canceled' } });
	});
});
