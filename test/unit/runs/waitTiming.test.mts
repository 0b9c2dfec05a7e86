import type { ItemInputs } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { waitTiming } from '../../../nodes/DefenderLiveResponse/runs/waitTiming';
import type { Connection } from '../../../nodes/DefenderLiveResponse/transport/connection';
import { VirtualClock } from '../../support/virtualClock.mts';

const clock = new VirtualClock();

const timing = (options: Record<string, unknown>) =>
	waitTiming(
		{
			parameter: (name: string, fallback: unknown) =>
				options[name.replace('options.', '')] ?? fallback,
		} as ItemInputs,
		{ clock } as unknown as Connection,
	);

describe('waiting for an action', () => {
	it.each([
		['every 10 seconds for 15 minutes, unless told otherwise', {}, 10_000, 15],
		['as often and as long as told', { pollIntervalSeconds: 30, maxWaitMinutes: 60 }, 30_000, 60],
		['once a second at the most', { pollIntervalSeconds: 0.1 }, 1000, 15],
		['once a second when told not to pause', { pollIntervalSeconds: 0 }, 1000, 15],
		['once a second when told to go back in time', { pollIntervalSeconds: -5 }, 1000, 15],
		['not at all when told so', { maxWaitMinutes: 0 }, 10_000, 0],
		['not at all when told to end before it begins', { maxWaitMinutes: -1 }, 10_000, 0],
	])('looks %s', async (_case, options, intervalMs, minutes) => {
		await clock.advance(1000);
		expect(timing(options)).toEqual({ intervalMs, deadline: clock.now() + minutes * 60_000 });
	});
});
