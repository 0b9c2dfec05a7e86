import type { ItemInputs } from '../../../nodes/DefenderLiveResponse/inputs/nodeContext';
import { patienceOf } from '../../../nodes/DefenderLiveResponse/inputs/patience';
import { someNode } from '../../support/expressions.mts';

const patience = (options: Record<string, unknown>) =>
	patienceOf({
		functions: { getNode: () => someNode },
		parameter: () => options,
	} as unknown as ItemInputs);

describe('waiting for an action', () => {
	it.each([
		['every 10 seconds for 15 minutes, unless told otherwise', {}, 10_000, 15],
		['as often and as long as told', { pollIntervalSeconds: 30, maxWaitMinutes: 60 }, 30_000, 60],
		['not at all when told so', { maxWaitMinutes: 0 }, 10_000, 0],
	])('looks %s', (_case, options, intervalMs, minutes) => {
		expect(patience(options)).toEqual({ intervalMs, maxWaitMs: minutes * 60_000 });
	});

	it.each([
		[{ pollIntervalSeconds: 0.1 }, "'Poll Interval (Seconds)' is not a number of 1 or more"],
		[{ maxWaitMinutes: -1 }, "'Max Wait (Minutes)' is not a number of 0 or more"],
	])('refuses %o', (options, message) => {
		expect(() => patience(options)).toThrow(message);
	});
});
