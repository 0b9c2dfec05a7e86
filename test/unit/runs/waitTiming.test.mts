import type { ItemInputs } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { patienceOf } from '../../../nodes/DefenderLiveResponse/inputs/patience';
import { waitTiming } from '../../../nodes/DefenderLiveResponse/runs/waitTiming';
import type { Connection } from '../../../nodes/DefenderLiveResponse/transport/connection';
import { VirtualClock } from '../../support/virtualClock.mts';
import { someNode } from '../../support/expressions.mts';

const clock = new VirtualClock();

const timing = (options: Record<string, unknown>) =>
	waitTiming(
		patienceOf({
			functions: { getNode: () => someNode },
			parameter: () => options,
		} as unknown as ItemInputs),
		{ clock } as unknown as Connection,
	);

describe('waiting for an action', () => {
	it.each([
		['every 10 seconds for 15 minutes, unless told otherwise', {}, 10_000, 15],
		['as often and as long as told', { pollIntervalSeconds: 30, maxWaitMinutes: 60 }, 30_000, 60],
		['not at all when told so', { maxWaitMinutes: 0 }, 10_000, 0],
	])('looks %s', async (_case, options, intervalMs, minutes) => {
		await clock.advance(1000);
		expect(timing(options)).toEqual({ intervalMs, deadline: clock.now() + minutes * 60_000 });
	});

	it.each([
		[{ pollIntervalSeconds: 0.1 }, "'Poll Interval (Seconds)' is not a number from 1 up"],
		[{ maxWaitMinutes: -1 }, "'Max Wait (Minutes)' is not a number from 0 up"],
	])('refuses %o', (options, message) => {
		expect(() => timing(options)).toThrow(message);
	});
});
